package io.github.eventloop.monitor.internal.loop;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.Lag;
import io.github.eventloop.monitor.LoopReading;
import io.github.eventloop.monitor.LoopSecond;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.internal.lag.Histogram;
import io.github.eventloop.monitor.internal.lag.LagDistribution;
import io.github.eventloop.monitor.internal.lag.LoopWindow;
import io.github.eventloop.monitor.internal.lag.Slice;
import io.github.eventloop.monitor.internal.lag.SliceReader;
import io.github.eventloop.monitor.internal.lag.SparseHistogram;
import io.github.eventloop.monitor.internal.lag.UnseenPauses;
import io.github.eventloop.monitor.internal.pause.PauseDetector;
import io.github.eventloop.monitor.internal.thread.ThreadCpuClock;

/**
 * Activity of one loop in the seconds of the window. Computes differences of the loop's
 * cumulative counters, so that several monitors can read the same loop without disturbing
 * each other.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}.
 */
public final class LoopHistory {

	/** The interval of the virtual arrivals. */
	public static final long ARRIVAL_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	/** Limits the work of listeners at the end of a very long stall. */
	private static final int MAX_ARRIVALS = 6_000;

	private static final long[] NO_ARRIVALS = {};

	private static final AtomicLong IDS = new AtomicLong();

	final long id = IDS.incrementAndGet();

	private final IsolatedLoop loop;

	private final MonitorSettings settings;

	private final LoopCpuTime cpuTime;

	private final LoopWindow window;

	private final LoopStalls stalls;

	private final ConnectionsWaiting waiting;

	private final SliceReader reader;

	/** The highest number of channels sampled in this second. */
	private int peakChannels;

	/** The fraction of a virtual arrival that is carried over to the next second. */
	private double arrivalsDue;

	private double arrivalPhase = 0.5;

	/** The requests that had arrived at the start of this second. */
	private long requests;

	/**
	 * The slice that was computed last and has not been kept yet, or {@code null} if
	 * there is none, followed by the values of the fields above after it.
	 */
	private @Nullable Slice computed;

	private SliceReader.@Nullable End computedEnd;

	private double computedDue;

	private double computedPhase;

	private long computedRequests;

	LoopHistory(IsolatedLoop loop, MonitorSettings settings, ThreadCpuClock cpuClock, int[] counts, boolean created) {
		this.loop = loop;
		this.settings = settings;
		this.window = new LoopWindow();
		this.requests = created ? 0 : loop.view().requests();
		this.cpuTime = new LoopCpuTime(loop, cpuClock);
		this.stalls = new LoopStalls(loop.view(), settings.stallThreshold().toNanos(), created);
		this.waiting = new ConnectionsWaiting(loop);
		this.reader = new SliceReader(loop.view(), counts, created);
		if (!created) {
			this.cpuTime.startNext(this.cpuTime.nanos(this.reader.base()));
		}
	}

	LoopStalls stalls() {
		return this.stalls;
	}

	public ConnectionsWaiting waiting() {
		return this.waiting;
	}

	/**
	 * Sample the number of channels of the loop. Called more than once per second,
	 * because connections may be short-lived.
	 */
	public void sampleChannels() {
		this.peakChannels = Math.max(this.peakChannels, this.loop.channels());
		this.cpuTime.findThread();
	}

	/**
	 * Return the highest number of concurrent channels of the loop in this second. A loop
	 * that handled events had at least one, whether or not it was sampled.
	 * @return the number
	 */
	public int channelsOfSecond() {
		sampleChannels();
		boolean used = this.loop.view().read().events() > this.reader.base().events();
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
	public boolean isInUse() {
		return channelsOfSecond() > 0 || this.loop.inFlightRequests() > 0
				|| this.loop.view().read().activeNanos() > this.reader.base().activeNanos();
	}

	/**
	 * Compute a slice. May be repeated: the next slice starts only when this one is
	 * {@linkplain #keepSlice(int) kept}.
	 * @param weight the weight of the loop among all loops in this second
	 * @param pauses the lengths of the pauses in this second, longest first
	 * @param distribution a scratch buffer, cleared
	 * @param all receives the lag distribution of all loops in this second
	 * @param handled receives the lag distribution of the events that all loops handled
	 * in this second
	 * @return the loop in this second
	 */
	public LoopSecond computeSlice(double weight, long[] pauses, LagDistribution distribution, LagDistribution all,
			LagDistribution handled) {
		SliceReader.End end = this.reader.readEnd();
		// Kept until the second is complete, when other loops have been read.
		SparseHistogram iterations = this.reader.endedIterations(end.reading()).toSparse();
		Slice slice = sliceUntil(end.reading(), iterations, weight, pauses);
		slice.addHandledTo(distribution, 1);
		double readyNanos = distribution.spanNanos() + slice.idleNanos() - slice.pauseNanos();
		long handledNanos = slice.reading().started() ? Math.max(0, Math.round(readyNanos)) : 0;
		long[] arrivals = arrivals(handledNanos, distribution);
		slice.addHandledTo(handled, weight);
		handled.addWindow(handledNanos, weight);
		distribution.addWindow(handledNanos, 1);
		Lag handledLag = distribution.toLag();
		distribution.clear();
		this.window.addLive(slice, slice.startNanos(), distribution, all);
		this.computed = slice;
		this.computedEnd = end;
		this.computedRequests = this.loop.view().requests();
		return new LoopSecond(this.loop.loop(), distribution.toLag(), handledLag, slice.utilization(),
				slice.cpuUtilization(), this.computedRequests - this.requests, arrivals);
	}

	/**
	 * Compute the lags of virtual events that arrive at a fixed rate in this second.
	 * Arrivals during an iteration in progress count in the second in which the iteration
	 * ends.
	 */
	private long[] arrivals(long handledNanos, LagDistribution distribution) {
		this.computedPhase = this.arrivalPhase;
		double due = this.arrivalsDue + (double) handledNanos / ARRIVAL_INTERVAL_NANOS;
		int number = (int) Math.min(due, MAX_ARRIVALS);
		this.computedDue = Math.min(1, due - number);
		if (number == 0) {
			return NO_ARRIVALS;
		}
		// Steps of the golden ratio spread any number of phases evenly.
		this.computedPhase = (this.arrivalPhase + 0.6180339887498949) % 1;
		long[] arrivals = new long[number];
		distribution.arrivals(arrivals, this.computedPhase, Math.max(handledNanos, 1));
		return arrivals;
	}

	/**
	 * End the slice that was computed last, and start another.
	 * @param slices the number of ended slices to keep
	 */
	public void keepSlice(int slices) {
		Slice slice = Objects.requireNonNull(this.computed);
		SliceReader.End end = Objects.requireNonNull(this.computedEnd);
		this.computed = null;
		this.computedEnd = null;
		this.arrivalsDue = this.computedDue;
		this.arrivalPhase = this.computedPhase;
		this.requests = this.computedRequests;
		this.peakChannels = 0;
		this.window.keep(slice.withoutReading(), slices);
		this.cpuTime.startNext(slice.cpuTotalNanos());
		this.reader.startNext(slice, end);
	}

	/**
	 * Sum the ended slices in the window.
	 * @param slices the number of slices that are in the window
	 * @param distribution a scratch buffer, cleared
	 * @param all receives the lag distribution of all loops in the ended slices
	 * @return the sum
	 */
	public LoopWindow.Sum sumEnded(int slices, LagDistribution distribution, LagDistribution all) {
		return this.window.sum(slices, this.reader.startNanos(), distribution, all);
	}

	/**
	 * Take a snapshot of the loop.
	 * @param name the displayed name of the loop
	 * @param weight the weight of the loop among all loops at this instant
	 * @param pending the lengths of the pauses since the last slice, longest first
	 * @param pauses the pauses of the process
	 * @param ended the sum of the ended slices in the window
	 * @param distribution a scratch buffer, cleared
	 * @param all receives the lag distribution of all loops in the slice in progress
	 * @return the loop at this instant
	 */
	public LoopSnapshot snapshot(String name, double weight, long[] pending, PauseDetector pauses, LoopWindow.Sum ended,
			LagDistribution distribution, LagDistribution all) {
		LoopReading reading = this.reader.read();
		Slice live = sliceUntil(reading, this.reader.endedIterations(reading), weight, pending);
		long spanNanos = live.endNanos() - ended.startNanos();
		ended.addTo(distribution);
		this.window.addLive(live, ended.startNanos(), distribution, all);
		boolean cpuKnown = ended.cpuKnown() && live.cpuKnown();
		Double cpu = cpuKnown ? Double.valueOf(Slice.share(ended.cpuNanos() + live.cpuNanos(), spanNanos)) : null;
		boolean approximate = this.loop.isApproximate();
		if (approximate) {
			// Nothing but the waits of the probes is known of an external loop.
			reading = new LoopReading(reading.at(), reading.started(), reading.busyNanos(), 0, 0, 0, 0, 0, 0, 0);
		}
		long pausedNanos = (reading.busyNanos() > 0)
				? pauses.pausedNanos(reading.at() - reading.busyNanos(), reading.at()) : 0;
		return new LoopSnapshot(this.id, name, this.loop.group(), this.loop.roles(), this.loop.component(),
				this.loop.isCounted(), approximate, this.cpuTime.isOfVirtualThread(), stateOf(reading),
				reading.busyNanos(), pausedNanos, distribution.toLag(),
				Slice.share(ended.activeNanos() + live.activeNanos(), spanNanos), cpu,
				new LoopSnapshot.Totals(reading.ioNanos(), reading.taskNanos(), reading.idleNanos(),
						reading.iterations(), reading.events(), reading.eventsWaiting(), this.stalls.count()),
				new LoopSnapshot.Load(this.loop.pendingTasks(), this.loop.channels(), this.loop.inFlightRequests(),
						this.waiting.number()));
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
	private Slice sliceUntil(LoopReading reading, Histogram iterations, double weight, long[] pauses) {
		LoopReading base = this.reader.base();
		this.reader.advanceTo(reading);
		long[] unseen = UnseenPauses.among(pauses, base, reading, iterations);
		long pauseNanos = 0;
		for (long pause : unseen) {
			pauseNanos += pause;
		}
		long cpuTotal = this.cpuTime.nanos(reading);
		boolean approximate = this.loop.isApproximate();
		long activeNanos = approximate ? 0 : reading.activeNanos() - base.activeNanos();
		long idleNanos = Math.max(0, reading.idleNanos() - base.idleNanos());
		// Between two probes of an external loop, nothing is observed.
		long probes = approximate ? reading.iterations() - base.iterations() : 0;
		double gapNanos = (probes > 0) ? Math.max(0, (double) (idleNanos - pauseNanos) / probes) : 0;
		return new Slice(reading.at(), Math.max(0, reading.at() - this.reader.startNanos()), Math.max(0, activeNanos),
				idleNanos, cpuTotal >= 0, cpuTotal, this.cpuTime.sinceBase(cpuTotal), weight, iterations,
				(gapNanos > 0) ? Slice.unseen(iterations.toSparse(), gapNanos) : SparseHistogram.EMPTY,
				this.reader.crossing(reading), unseen, pauseNanos, reading);
	}

}
