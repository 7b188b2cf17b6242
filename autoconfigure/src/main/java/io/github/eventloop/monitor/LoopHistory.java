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

import io.github.eventloop.monitor.LoopRecorder.Reading;

/**
 * What one loop did in the seconds that the window reaches back over. Turns the
 * recorder's cumulative counters into differences, so that several monitors can watch one
 * loop without disturbing each other.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}.
 */
final class LoopHistory {

	private static final AtomicLong IDS = new AtomicLong();

	/** What the witnesses of a pause and the loop itself may differ by in its length. */
	private static final long PAUSE_SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	/** Only collectors tell of shorter ones, and they do to the millisecond. */
	private static final long SHORT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private static final long SHORT_PAUSE_SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	final long id = IDS.incrementAndGet();

	private final IsolatedLoop loop;

	private final MonitorSettings settings;

	private final ThreadCpuClock cpuClock;

	private final LoopWindow window;

	/** What the loop had done at the end of the last slice. */
	private Reading base = Reading.ZERO;

	/** When the last slice ended, or this loop came under observation. */
	private long baseAt;

	/** What to ask for the iteration that was in progress then, once it has ended. */
	private long baseAwaited;

	private final int[] baseCounts = new int[DurationBuckets.COUNT];

	private long baseCpuNanos;

	private @Nullable Thread cpuThread;

	/** How many of the iterations that the loop noted have been looked at. */
	private long stallsRead;

	private long stalls;

	/** The stalls that ended since somebody took them. */
	private final List<LongIteration> endedStalls = new ArrayList<>();

	/** The newest reading handed out, below which no later one may fall. */
	private Reading newest = Reading.ZERO;

	/** The counts of a live reading: scratch space that all loops of a monitor share. */
	private final int[] counts;

	/** The most channels seen in this second. */
	private int peakChannels;

	/** As the last second left it, or {@code null} if there is no telling. */
	private @Nullable Integer connectionsWaiting;

	/** Carries what is less than a virtual arrival over to the next second. */
	private double arrivalsDue;

	private double arrivalPhase = 0.5;

	/**
	 * The slice that was computed last and is not kept yet, or {@code null} if there is
	 * none, and what {@code arrivalsDue} and {@code arrivalPhase} are after it.
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
		loop.recorder().noteIterationsFrom(settings.stallThreshold().toNanos());
		if (created) {
			this.baseAt = loop.recorder().createdAt();
		}
		else {
			this.stallsRead = loop.recorder().notedCount();
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

	/** If not, there are no counts to read: an idle loop costs next to nothing. */
	private boolean hasEndedIterationsSinceBase(Reading reading) {
		return reading.iterations() != this.base.iterations();
	}

	/**
	 * Read the loop and the counts that go with it. An iteration that ends between the
	 * two reads would be counted twice or not at all; that only matters for a long one,
	 * and a long one just ended will not end again soon.
	 */
	private Reading read() {
		LoopRecorder recorder = this.loop.recorder();
		Reading reading = recorder.read();
		for (int attempt = 0; hasEndedIterationsSinceBase(reading) && attempt < 3; attempt++) {
			recorder.readCounts(this.counts);
			Reading after = recorder.read();
			if (after.iterations() == reading.iterations() || reading.busyNanos() < 1_000_000) {
				break;
			}
			reading = after;
		}
		return reading.notBefore(this.newest);
	}

	/**
	 * Read the loop at the end of a slice, and have it record when the iteration ends
	 * that is in progress now.
	 */
	private EndOfSlice readEndOfSlice() {
		LoopRecorder recorder = this.loop.recorder();
		EndOfSlice end = new EndOfSlice(recorder.awaitEnd(), read());
		// An iteration that ended meanwhile took the place of the one that we have read.
		for (int attempt = 1; !recorder.awaitsEnd() && attempt < 3; attempt++) {
			end = new EndOfSlice(recorder.awaitEnd(), read());
		}
		return end;
	}

	private long cpuNanos() {
		Thread thread = this.loop.recorder().thread();
		long nanos = (thread != null) ? this.cpuClock.nanosOf(thread) : 0;
		if (thread != this.cpuThread) {
			// A loop that was suspended goes on with another thread, and what the thread
			// of an external one did before it was found is of no interest.
			this.cpuThread = thread;
			this.baseCpuNanos = this.loop.isApproximate() ? Math.max(0, nanos) : 0;
		}
		return nanos;
	}

	/**
	 * Look at what the loop carries. Called more often than once a second, for some
	 * connections are short.
	 */
	void lookAtChannels() {
		this.peakChannels = Math.max(this.peakChannels, this.loop.channels());
		if (this.loop.isApproximate() && this.loop.recorder().thread() != this.cpuThread) {
			cpuNanos();
		}
	}

	/**
	 * Return the ports at which connections may wait to be accepted. None waits while the
	 * loop waits for them.
	 * @return the ports to ask about, none if there is no need to
	 */
	Set<Integer> portsToAskAbout() {
		Set<Integer> ports = this.loop.listeningPorts();
		boolean needless = ports.isEmpty()
				|| (this.connectionsWaiting != null && this.loop.recorder().read().busyNanos() == 0);
		return needless ? Set.of() : ports;
	}

	/**
	 * Note how many connections wait to be accepted.
	 * @param asked the ports that were asked about
	 * @param waiting the number by port, as far as it is known
	 */
	void noteConnectionsWaiting(Set<Integer> asked, Map<Integer, Integer> waiting) {
		Set<Integer> ports = this.loop.listeningPorts();
		if (ports.isEmpty()) {
			this.connectionsWaiting = null;
			return;
		}
		if (this.connectionsWaiting != null && asked.isEmpty()) {
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
	 * Return how many channels the loop has carried at once in this second. One that
	 * handled events had a channel, whether or not we saw it.
	 * @return the number
	 */
	int channelsOfSecond() {
		lookAtChannels();
		boolean used = this.loop.recorder().read().events() > this.base.events();
		// Nobody knows: clients such as a driver's mostly keep one open on each.
		boolean unknown = this.loop.channels() < 0;
		return Math.max(this.peakChannels, (used || unknown) ? 1 : 0);
	}

	/**
	 * Return whether the loop carries something or does something in this second. What is
	 * blocked is in use: connections may have been assigned to it that it could not
	 * register yet.
	 * @return whether it does
	 */
	boolean isInUse() {
		return channelsOfSecond() > 0 || this.loop.inFlightRequests() > 0
				|| this.loop.recorder().read().activeNanos() > this.base.activeNanos();
	}

	/**
	 * Compute a slice, and change nothing: it has ended once it is
	 * {@linkplain #keepSlice() kept}.
	 * @param weight how much the loop counts among all loops in this second
	 * @param pauses the lengths of the pauses in this second, the longest first
	 * @param distribution scratch space, cleared
	 * @param all the distribution of all loops in this second, to be added to
	 * @param handled that of the events that all loops got to in this second, to be added
	 * to
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

	/** Return the time in which the events became ready that the loop got to. */
	private static long handledNanos(Slice slice, LagDistribution handled) {
		double nanos = handled.totalNanos() - slice.unseenNanos() + slice.idleNanos() - slice.pauseNanos();
		return slice.reading().started() ? Math.max(0, Math.round(nanos)) : 0;
	}

	/**
	 * Play what events arriving at a fixed rate met in this second. What arrives in an
	 * iteration that is still in progress is met by the second in which the iteration
	 * ends.
	 */
	private long[] arrivals(long handledNanos, LagDistribution distribution) {
		this.computedPhase = this.arrivalPhase;
		double due = this.arrivalsDue + (double) handledNanos / LoopSecond.ARRIVAL_INTERVAL_NANOS;
		int number = (int) Math.min(due, LoopSecond.MOST_ARRIVALS);
		this.computedDue = Math.min(1, due - number);
		if (number == 0) {
			return LoopSecond.NO_ARRIVALS;
		}
		// Steps of the golden ratio spread the phases evenly, however many there are.
		this.computedPhase = (this.arrivalPhase + 0.6180339887498949) % 1;
		long[] arrivals = new long[number];
		distribution.arrivals(arrivals, this.computedPhase, Math.max(handledNanos, 1));
		return arrivals;
	}

	/**
	 * End the slice that was computed last: from now on another one is in progress.
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
	 * Look at the loop now.
	 * @param name the name to show the loop under
	 * @param weight how much it counts among all loops at this instant
	 * @param pending the lengths of the pauses since the last slice, the longest first
	 * @param pauses the pauses of the process
	 * @param distribution scratch space, cleared
	 * @param scratch more of it
	 * @param all the distribution of all loops in the window, to be added to
	 * @return the loop at this instant
	 */
	LoopSnapshot snapshot(String name, double weight, long[] pending, Pauses pauses, LagDistribution distribution,
			LagDistribution scratch, LagDistribution all) {
		Slice live = sliceUntil(read(), weight, pending);
		Reading reading = live.reading();
		LoopWindow.Sum ended = this.window.sum(live.endNanos(), live.startNanos(), distribution, scratch);
		long spanNanos = live.endNanos() - ended.startNanos();
		distribution.add(ended.ofLoop());
		all.add(ended.ofAll());
		this.window.addLive(live, ended.startNanos(), distribution, all);
		boolean cpuKnown = ended.cpuKnown() && live.cpuKnown();
		Double cpu = cpuKnown ? Double.valueOf(Slice.share(ended.cpuNanos() + live.cpuNanos(), spanNanos)) : null;
		boolean approximate = this.loop.isApproximate();
		if (approximate) {
			// Of what the loop does, nothing is known but how long tasks waited for it.
			reading = new Reading(reading.at(), reading.started(), reading.busyNanos(), 0, 0, 0, 0, 0, 0, 0);
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
	 * Return the stalls that ended while the loop was watched.
	 * @return the number
	 */
	long stalls() {
		long noted = this.loop.recorder().notedCount();
		for (; this.stallsRead < noted; this.stallsRead++) {
			LongIteration iteration = this.loop.recorder().noted(this.stallsRead);
			if (iteration == null) {
				// Too many since we looked last. Their length is lost, so that they count
				// only if nobody has shorter ones noted.
				boolean noneShorter = this.loop.recorder().notedFrom() == this.settings.stallThreshold().toNanos();
				this.stalls += noneShorter ? 1 : 0;
			}
			else if (iteration.nanos() > this.settings.stallThreshold().toNanos()) {
				this.stalls++;
				this.endedStalls.add(iteration);
			}
		}
		return this.stalls;
	}

	/**
	 * Return the stalls that have ended and were not returned yet.
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

	private LoopState stateOf(Reading reading) {
		if (!reading.started()) {
			return LoopState.NOT_STARTED;
		}
		if (reading.busyNanos() == 0) {
			return LoopState.IDLE;
		}
		boolean stalled = reading.busyNanos() > this.settings.stallThreshold().toNanos();
		return stalled ? LoopState.STALLED : LoopState.BUSY;
	}

	/** Return what happened since the last slice. */
	private Slice sliceUntil(Reading reading, double weight, long[] pauses) {
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
		// Between two of the tasks sent to a loop, nobody has looked.
		long answers = approximate ? reading.iterations() - this.base.iterations() : 0;
		double gapNanos = (answers > 0) ? Math.max(0, (double) (idleNanos - pauseNanos) / answers) : 0;
		return new Slice(reading.at(), Math.max(0, reading.at() - this.baseAt), Math.max(0, activeNanos), idleNanos,
				cpuTotal >= 0, cpuTotal, Math.max(0, cpuTotal - this.baseCpuNanos), weight,
				(crossing != null) ? iterations.withoutOneOf(DurationBuckets.indexOf(crossing.nanos())) : iterations,
				crossing, unseen, pauseNanos, gapNanos, reading);
	}

	/**
	 * Return the iteration that was in progress when the last slice ended and has ended
	 * since. In the odd case that the loop ended it while it was told to record its end,
	 * that is not known, and it is taken for one that began in this slice.
	 */
	private @Nullable LongIteration crossing(Reading reading) {
		if (this.base.busyNanos() == 0 || !hasEndedIterationsSinceBase(reading)) {
			return null;
		}
		LongIteration ended = this.loop.recorder().awaited(this.baseAwaited);
		boolean known = ended != null && ended.startedAt() == this.base.at() - this.base.busyNanos();
		return known ? ended : null;
	}

	/**
	 * Return the pauses that the loop slept through: they delayed its events as well, but
	 * left no iteration of their length behind. It can have slept no longer than it was
	 * idle.
	 */
	private long[] unseenPauses(Reading reading, BucketCounts iterations, long[] pauses) {
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

	private static long iterationsOf(long nanos, Reading reading, BucketCounts.Totals ended) {
		boolean inProgress = reading.busyNanos() > 0 && reading.busyNanos() >= nanos;
		return ended.from(DurationBuckets.indexOf(nanos)) + (inProgress ? 1 : 0);
	}

	/**
	 * What the loop had done when a slice ended, and what to ask for the iteration that
	 * was in progress then.
	 */
	private record EndOfSlice(long awaited, Reading reading) {
	}

}
