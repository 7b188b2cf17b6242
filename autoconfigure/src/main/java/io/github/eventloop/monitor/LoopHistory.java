package io.github.eventloop.monitor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * Activity of one loop in the seconds of the window. Computes differences of the loop's
 * cumulative counters, so that several monitors can read the same loop without disturbing
 * each other.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}.
 */
final class LoopHistory {

	private static final AtomicLong IDS = new AtomicLong();

	/** Tolerance between the reported length of a pause and that seen by the loop. */
	private static final long PAUSE_SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	/** Shorter pauses are reported by collectors only, to the millisecond. */
	private static final long SHORT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private static final long SHORT_PAUSE_SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	final long id = IDS.incrementAndGet();

	private final IsolatedLoop loop;

	private final MonitorSettings settings;

	private final ThreadCpuClock cpuClock;

	private final LoopWindow window;

	/** The reading at the end of the last slice. */
	private LoopReading base = LoopReading.ZERO;

	/** When the last slice ended, or the monitoring of this loop started. */
	private long baseAt;

	/** The number of the iteration that was in progress then, for when it has ended. */
	private long baseAwaited;

	private final int[] baseCounts = new int[DurationBuckets.COUNT];

	private long baseCpuNanos;

	private @Nullable Thread cpuThread;

	/** The number of recorded long iterations that have been read. */
	private long stallsRead;

	private long stalls;

	/** The stalls that ended since they were last taken. */
	private final List<LongIteration> endedStalls = new ArrayList<>();

	/** The newest reading: later ones must not be below it. */
	private LoopReading newest = LoopReading.ZERO;

	/**
	 * The counts of a live reading: a scratch buffer shared by all loops of a monitor.
	 */
	private final int[] counts;

	/** The highest number of channels sampled in this second. */
	private int peakChannels;

	/** The number at the end of the last second, or {@code null} if it is unknown. */
	private @Nullable Integer connectionsWaiting;

	/** The fraction of a virtual arrival that is carried over to the next second. */
	private double arrivalsDue;

	private double arrivalPhase = 0.5;

	/**
	 * The slice that was computed last and has not been kept yet, or {@code null} if
	 * there is none, followed by {@code arrivalsDue} and {@code arrivalPhase} after it.
	 */
	private @Nullable Slice computed;

	private @Nullable EndOfSlice computedEnd;

	private double computedDue;

	private double computedPhase;

	LoopHistory(IsolatedLoop loop, MonitorSettings settings, ThreadCpuClock cpuClock, int[] counts, boolean created) {
		this.loop = loop;
		this.settings = settings;
		this.window = new LoopWindow(settings.window());
		this.cpuClock = cpuClock;
		this.counts = counts;
		loop.view().recordIterationsLongerThan(settings.stallThreshold().toNanos());
		if (created) {
			this.baseAt = loop.view().createdAt();
		}
		else {
			this.stallsRead = loop.view().longIterationCount();
			EndOfSlice end = readEndOfSlice();
			this.newest = end.reading;
			this.baseCpuNanos = Math.max(0, cpuNanos());
			if (hasEndedIterationsSinceBase(this.newest)) {
				System.arraycopy(this.counts, 0, this.baseCounts, 0, this.counts.length);
			}
			rebase(end);
		}
	}

	private void rebase(EndOfSlice end) {
		this.base = end.reading;
		this.baseAt = end.reading.at();
		this.baseAwaited = end.awaited;
	}

	/** If not, there are no counts to read, and an idle loop costs almost nothing. */
	private boolean hasEndedIterationsSinceBase(LoopReading reading) {
		return reading.iterations() != this.base.iterations();
	}

	/**
	 * Read the loop and the matching counts. An iteration that ends between the two reads
	 * would be counted twice or not at all. That only matters for a long one, and another
	 * long one does not end soon after, so that a retry succeeds.
	 */
	private LoopReading read() {
		LoopView view = this.loop.view();
		LoopReading reading = view.read();
		for (int attempt = 0; hasEndedIterationsSinceBase(reading) && attempt < 3; attempt++) {
			view.readCounts(this.counts);
			LoopReading after = view.read();
			if (after.iterations() == reading.iterations() || reading.busyNanos() < 1_000_000) {
				break;
			}
			reading = after;
		}
		return reading.notBefore(this.newest);
	}

	/**
	 * Read the loop at the end of a slice, and request that it record the end of the
	 * iteration that is in progress.
	 */
	private EndOfSlice readEndOfSlice() {
		LoopView view = this.loop.view();
		EndOfSlice end = new EndOfSlice(view.awaitEnd(), read());
		// Retry if an iteration ended meanwhile: it may not be the one that was read.
		for (int attempt = 1; !view.awaitsEnd() && attempt < 3; attempt++) {
			end = new EndOfSlice(view.awaitEnd(), read());
		}
		return end;
	}

	private long cpuNanos() {
		Thread thread = this.loop.view().thread();
		long nanos = (thread != null) ? this.cpuClock.nanosOf(thread) : 0;
		if (thread != this.cpuThread) {
			// A suspended loop resumes with another thread. The CPU time that the thread
			// of an external loop used before it was found is not counted.
			this.cpuThread = thread;
			this.baseCpuNanos = this.loop.isApproximate() ? Math.max(0, nanos) : 0;
		}
		return nanos;
	}

	/**
	 * Sample the number of channels of the loop. Called more than once per second,
	 * because connections may be short-lived.
	 */
	void sampleChannels() {
		this.peakChannels = Math.max(this.peakChannels, this.loop.channels());
		if (this.loop.isApproximate() && this.loop.view().thread() != this.cpuThread) {
			cpuNanos();
		}
	}

	/**
	 * Return the ports at which connections may be waiting to be accepted. There are none
	 * while the loop waits in its poll.
	 * @return the ports to poll, or an empty set if that is not needed
	 */
	Set<Integer> portsToPoll() {
		Set<Integer> ports = this.loop.listeningPorts();
		boolean needless = ports.isEmpty()
				|| (this.connectionsWaiting != null && this.loop.view().read().busyNanos() == 0);
		return needless ? Set.of() : ports;
	}

	/**
	 * Record how many connections are waiting to be accepted.
	 * @param polledPorts the ports that were polled
	 * @param waiting the number by port, for the ports where it is known
	 */
	void recordConnectionsWaiting(Set<Integer> polledPorts, Map<Integer, Integer> waiting) {
		Set<Integer> ports = this.loop.listeningPorts();
		if (ports.isEmpty()) {
			this.connectionsWaiting = null;
			return;
		}
		if (this.connectionsWaiting != null && polledPorts.isEmpty()) {
			this.connectionsWaiting = 0;
			return;
		}
		this.connectionsWaiting = ports.stream()
			.map(waiting::get)
			.filter(Objects::nonNull)
			.reduce(Integer::sum)
			.orElse(null);
	}

	/**
	 * Return the highest number of concurrent channels of the loop in this second. A loop
	 * that handled events had at least one, whether or not it was sampled.
	 * @return the number
	 */
	int channelsOfSecond() {
		sampleChannels();
		boolean used = this.loop.view().read().events() > this.base.events();
		// Assume one: clients such as database drivers mostly keep one open per loop.
		boolean unknown = this.loop.channels() < 0;
		return Math.max(this.peakChannels, (used || unknown) ? 1 : 0);
	}

	/**
	 * Return whether the loop has channels or requests, or was active in this second. A
	 * blocked loop is in use: connections may have been assigned to it that it could not
	 * register yet.
	 * @return whether the loop is in use
	 */
	boolean isInUse() {
		return channelsOfSecond() > 0 || this.loop.inFlightRequests() > 0
				|| this.loop.view().read().activeNanos() > this.base.activeNanos();
	}

	/**
	 * Compute a slice without changing any state: it ends when it is
	 * {@linkplain #keepSlice() kept}.
	 * @param weight the weight of the loop among all loops in this second
	 * @param pauses the lengths of the pauses in this second, longest first
	 * @param distribution a scratch buffer, cleared
	 * @param all receives the lag distribution of all loops in this second
	 * @param handled receives the lag distribution of the events that all loops handled
	 * in this second
	 * @return the loop in this second
	 */
	LoopSecond computeSlice(double weight, long[] pauses, LagDistribution distribution, LagDistribution all,
			LagDistribution handled) {
		EndOfSlice end = readEndOfSlice();
		Slice slice = sliceUntil(end.reading, weight, pauses);
		slice.addHandledTo(distribution, 1);
		long handledNanos = handledNanos(slice, distribution);
		long[] arrivals = arrivals(handledNanos, distribution);
		slice.addHandledTo(handled, weight);
		handled.addWindow(handledNanos, weight);
		distribution.addWindow(handledNanos, 1);
		Lag handledLag = distribution.toLag();
		distribution.clear();
		this.window.addLive(slice, slice.startNanos(), distribution, all);
		this.computed = slice;
		this.computedEnd = end;
		return new LoopSecond(this.loop.loop(), distribution.toLag(), handledLag, slice.utilization(),
				slice.cpuUtilization(), arrivals);
	}

	/** Return the length of the time in which the handled events became ready. */
	private static long handledNanos(Slice slice, LagDistribution handled) {
		double nanos = handled.totalNanos() - slice.unseenNanos() + slice.idleNanos() - slice.pauseNanos();
		return slice.reading().started() ? Math.max(0, Math.round(nanos)) : 0;
	}

	/**
	 * Compute the lags of virtual events that arrive at a fixed rate in this second.
	 * Arrivals during an iteration in progress count in the second in which the iteration
	 * ends.
	 */
	private long[] arrivals(long handledNanos, LagDistribution distribution) {
		this.computedPhase = this.arrivalPhase;
		double due = this.arrivalsDue + (double) handledNanos / LoopSecond.ARRIVAL_INTERVAL_NANOS;
		int number = (int) Math.min(due, LoopSecond.MAX_ARRIVALS);
		this.computedDue = Math.min(1, due - number);
		if (number == 0) {
			return LoopSecond.NO_ARRIVALS;
		}
		// Steps of the golden ratio spread any number of phases evenly.
		this.computedPhase = (this.arrivalPhase + 0.6180339887498949) % 1;
		long[] arrivals = new long[number];
		distribution.arrivals(arrivals, this.computedPhase, Math.max(handledNanos, 1));
		return arrivals;
	}

	/**
	 * End the slice that was computed last, and start another.
	 */
	void keepSlice() {
		Slice slice = Objects.requireNonNull(this.computed);
		EndOfSlice end = Objects.requireNonNull(this.computedEnd);
		this.computed = null;
		this.computedEnd = null;
		this.arrivalsDue = this.computedDue;
		this.arrivalPhase = this.computedPhase;
		this.peakChannels = 0;
		this.window.keep(slice.withoutReading());
		this.baseCpuNanos = Math.max(this.baseCpuNanos, slice.cpuTotalNanos());
		for (BucketCounts.Cursor each = slice.iterations().cursor(); each.next();) {
			this.baseCounts[each.bucket()] += (int) each.number();
		}
		LongIteration crossing = slice.crossing();
		if (crossing != null) {
			this.baseCounts[DurationBuckets.indexOf(crossing.nanos())]++;
		}
		rebase(end);
	}

	/**
	 * Take a snapshot of the loop.
	 * @param name the displayed name of the loop
	 * @param weight the weight of the loop among all loops at this instant
	 * @param pending the lengths of the pauses since the last slice, longest first
	 * @param pauses the pauses of the process
	 * @param distribution a scratch buffer, cleared
	 * @param scratch another scratch buffer
	 * @param all receives the lag distribution of all loops in the window
	 * @return the loop at this instant
	 */
	LoopSnapshot snapshot(String name, double weight, long[] pending, Pauses pauses, LagDistribution distribution,
			LagDistribution scratch, LagDistribution all) {
		Slice live = sliceUntil(read(), weight, pending);
		LoopReading reading = live.reading();
		LoopWindow.Sum ended = this.window.sum(live.endNanos(), live.startNanos(), distribution, scratch);
		long spanNanos = live.endNanos() - ended.startNanos();
		distribution.add(ended.ofLoop());
		all.add(ended.ofAll());
		this.window.addLive(live, ended.startNanos(), distribution, all);
		boolean cpuKnown = ended.cpuKnown() && live.cpuKnown();
		Double cpu = cpuKnown ? Double.valueOf(Slice.share(ended.cpuNanos() + live.cpuNanos(), spanNanos)) : null;
		boolean approximate = this.loop.isApproximate();
		if (approximate) {
			// Nothing but the waits of the probes is known of an external loop.
			reading = new LoopReading(reading.at(), reading.started(), reading.busyNanos(), 0, 0, 0, 0, 0, 0, 0);
		}
		long pausedNanos = (reading.busyNanos() > 0) ? pauses.within(reading.at() - reading.busyNanos(), reading.at())
				: 0;
		return new LoopSnapshot(this.id, name, this.loop.group(), this.loop.roles(), stateOf(reading),
				reading.busyNanos(), pausedNanos, distribution.toLag(),
				Slice.share(ended.activeNanos() + live.activeNanos(), spanNanos), cpu, reading.ioNanos(),
				reading.taskNanos(), reading.idleNanos(), reading.iterations(), reading.events(),
				reading.eventsWaiting(), stalls(), this.loop.pendingTasks(), this.loop.channels(),
				this.loop.inFlightRequests(), this.connectionsWaiting, approximate);
	}

	/**
	 * Return the number of stalls that ended while the loop was monitored.
	 * @return the number
	 */
	long stalls() {
		long recorded = this.loop.view().longIterationCount();
		for (; this.stallsRead < recorded; this.stallsRead++) {
			LongIteration iteration = this.loop.view().longIteration(this.stallsRead);
			if (iteration == null) {
				// Overwritten, and the length is lost. It was a stall for certain only if
				// no other monitor has lowered the threshold of the loop.
				long recordedFrom = this.loop.view().longIterationThreshold();
				this.stalls += (recordedFrom == this.settings.stallThreshold().toNanos()) ? 1 : 0;
			}
			else if (iteration.nanos() > this.settings.stallThreshold().toNanos()) {
				this.stalls++;
				this.endedStalls.add(iteration);
			}
		}
		return this.stalls;
	}

	/**
	 * Return the stalls that ended since the last call.
	 * @return the stalls, oldest first
	 */
	List<LongIteration> takeEndedStalls() {
		stalls();
		if (this.endedStalls.isEmpty()) {
			return List.of();
		}
		List<LongIteration> ended = List.copyOf(this.endedStalls);
		this.endedStalls.clear();
		return ended;
	}

	private LoopState stateOf(LoopReading reading) {
		if (!reading.started()) {
			return LoopState.NOT_STARTED;
		}
		if (reading.busyNanos() == 0) {
			return LoopState.IDLE;
		}
		boolean stalled = reading.busyNanos() > this.settings.stallThreshold().toNanos();
		return stalled ? LoopState.STALLED : LoopState.BUSY;
	}

	/** Return the slice from the end of the last one to a reading. */
	private Slice sliceUntil(LoopReading reading, double weight, long[] pauses) {
		this.newest = reading;
		BucketCounts iterations = hasEndedIterationsSinceBase(reading)
				? BucketCounts.between(this.baseCounts, this.counts) : BucketCounts.none();
		LongIteration crossing = crossing(reading);
		long[] unseen = unseenPauses(reading, iterations, pauses);
		long pauseNanos = 0;
		for (long pause : unseen) {
			pauseNanos += pause;
		}
		long cpuTotal = cpuNanos();
		boolean approximate = this.loop.isApproximate();
		long activeNanos = approximate ? 0 : reading.activeNanos() - this.base.activeNanos();
		long idleNanos = Math.max(0, reading.idleNanos() - this.base.idleNanos());
		// Between two probes of an external loop, nothing is observed.
		long probes = approximate ? reading.iterations() - this.base.iterations() : 0;
		double gapNanos = (probes > 0) ? Math.max(0, (double) (idleNanos - pauseNanos) / probes) : 0;
		return new Slice(reading.at(), Math.max(0, reading.at() - this.baseAt), Math.max(0, activeNanos), idleNanos,
				cpuTotal >= 0, cpuTotal, Math.max(0, cpuTotal - this.baseCpuNanos), weight,
				(crossing != null) ? iterations.withoutOneOf(DurationBuckets.indexOf(crossing.nanos())) : iterations,
				crossing, unseen, pauseNanos, gapNanos, reading);
	}

	/**
	 * Return the iteration that was in progress when the last slice ended and has ended
	 * since. If the loop ended it just as its end was being awaited, it is unknown and
	 * counts as one that began in this slice.
	 */
	private @Nullable LongIteration crossing(LoopReading reading) {
		if (this.base.busyNanos() == 0 || !hasEndedIterationsSinceBase(reading)) {
			return null;
		}
		LongIteration ended = this.loop.view().awaited(this.baseAwaited);
		boolean known = ended != null && ended.startedAt() == this.base.at() - this.base.busyNanos();
		return known ? ended : null;
	}

	/**
	 * Return the pauses during which the loop was idle: they delayed its events as well,
	 * but left no iteration of their length. Together they are no longer than the idle
	 * time of the loop.
	 */
	private long[] unseenPauses(LoopReading reading, BucketCounts iterations, long[] pauses) {
		if (pauses.length == 0 || !reading.started()) {
			return LoopSecond.NO_ARRIVALS;
		}
		long[] unseen = new long[pauses.length];
		int found = 0;
		int matched = 0;
		long idleNanos = reading.idleNanos() - this.base.idleNanos();
		BucketCounts.Totals totals = iterations.totals();
		for (long pause : pauses) {
			long slack = (pause < SHORT_PAUSE_NANOS) ? SHORT_PAUSE_SLACK_NANOS : PAUSE_SLACK_NANOS + pause / 50;
			if (iterationsOf(pause - slack, reading, totals) > matched) {
				matched++;
			}
			else if (pause <= idleNanos + PAUSE_SLACK_NANOS) {
				unseen[found++] = pause;
				idleNanos -= pause;
			}
		}
		return Arrays.copyOf(unseen, found);
	}

	private static long iterationsOf(long nanos, LoopReading reading, BucketCounts.Totals ended) {
		boolean inProgress = reading.busyNanos() > 0 && reading.busyNanos() >= nanos;
		return ended.from(DurationBuckets.indexOf(nanos)) + (inProgress ? 1 : 0);
	}

	/**
	 * Reading at the end of a slice, and the number of the awaited iteration that was in
	 * progress then.
	 */
	private record EndOfSlice(long awaited, LoopReading reading) {
	}

}
