package io.github.eventloop.monitor.internal.second;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import io.github.eventloop.monitor.EventLoopHistory;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.Lag;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSecond;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.PauseTotals;
import io.github.eventloop.monitor.internal.lag.LagDistribution;
import io.github.eventloop.monitor.internal.lag.LoopWindow;
import io.github.eventloop.monitor.internal.loop.LoopColumns;
import io.github.eventloop.monitor.internal.loop.LoopEntry;
import io.github.eventloop.monitor.internal.loop.LoopNames;
import io.github.eventloop.monitor.internal.loop.SecondColumns;
import io.github.eventloop.monitor.internal.pause.PauseDetector;

/**
 * Aggregator of the figures of all loops: those of the second that ends, and those of the
 * window up to now. A second is first computed completely, and then committed to the
 * window and the history.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}.
 */
public final class SecondAggregator {

	private final MonitorSettings settings;

	private final LongSupplier clock;

	private final PauseDetector pauses;

	private final SecondColumns columns;

	/** The seconds in the window, oldest first. */
	private final List<Second> seconds = new ArrayList<>();

	/** When the current second began. */
	private long secondStart;

	/**
	 * The lengths of the pauses in the current second that {@link #pauses} has marked as
	 * accounted for.
	 */
	private final List<Long> pausesOfSecond = new ArrayList<>();

	/** Scratch space, as the next three are. */
	private final LagDistribution ofLoop = new LagDistribution();

	private final LagDistribution ofAll = new LagDistribution();

	private final LagDistribution handledByAll = new LagDistribution();

	/** The lag distribution of all loops in the seconds of {@code ended}. */
	private final LagDistribution endedOfAll = new LagDistribution();

	/** The sum that was computed last, so that readers within a second share it. */
	private EndedSeconds ended = new EndedSeconds(List.of(), List.of(), List.of());

	public SecondAggregator(MonitorSettings settings, LongSupplier clock, PauseDetector pauses, SecondColumns columns) {
		this.settings = settings;
		this.clock = clock;
		this.pauses = pauses;
		this.columns = columns;
		this.secondStart = clock.getAsLong();
	}

	/**
	 * End the current second. It is computed completely before any of it is stored. If
	 * that fails, the next second is longer, and nothing is counted twice or left out. If
	 * the process was paused meanwhile, the second is computed again, because the loops
	 * read after the pause include it and the second does not yet.
	 * @param entries the loops
	 * @param processCpu the share of the CPUs that the process used
	 * @param stallsOfRemovedLoops the number of stalls of loops that have been removed
	 * @param detectPause adds a pause if the process was paused since the last call, and
	 * returns whether it did
	 * @return the second
	 */
	public EventLoopSecond endSecond(List<LoopEntry> entries, double processCpu, long stallsOfRemovedLoops,
			BooleanSupplier detectPause) {
		ComputedSecond computed = computeSecond(entries);
		if (detectPause.getAsBoolean()) {
			computed = computeSecond(entries);
		}
		commitSecond(entries, computed, processCpu);
		return new EventLoopSecond(computed.lag, computed.handled, computed.utilization, computed.pauses,
				computed.loops, takeSnapshot(entries, stallsOfRemovedLoops));
	}

	private ComputedSecond computeSecond(List<LoopEntry> entries) {
		long start = this.clock.getAsLong();
		for (long pause : this.pauses.account(start)) {
			this.pausesOfSecond.add(pause);
		}
		List<Long> pauses = List.copyOf(this.pausesOfSecond);
		long[] longestFirst = longestFirst(pauses);
		this.ofAll.clear();
		this.handledByAll.clear();
		LoopWeights weights = new LoopWeights(entries);
		List<LoopSecond> seconds = new ArrayList<>();
		double utilization = 0;
		double cpu = 0;
		long requests = 0;
		for (LoopEntry entry : entries) {
			this.ofLoop.clear();
			LoopSecond second = entry.history()
				.computeSlice(weights.of(entry), longestFirst, this.ofLoop, this.ofAll, this.handledByAll);
			Double cpuOfLoop = second.cpuUtilization();
			utilization += weights.isMeasured(entry) ? second.utilization() : 0;
			cpu += (weights.isMeasured(entry) && cpuOfLoop != null) ? cpuOfLoop : 0;
			requests += entry.loop().isCounted() ? second.requests() : 0;
			seconds.add(second);
		}
		return new ComputedSecond(List.copyOf(seconds), this.ofAll.toLag(), this.handledByAll.toLag(),
				weights.mean(utilization), weights.mean(cpu), pauses, PauseTotals.of(longestFirst), requests);
	}

	private void commitSecond(List<LoopEntry> entries, ComputedSecond computed, double processCpu) {
		PauseTotals pauses = computed.pauseTotals;
		long now = this.clock.getAsLong();
		this.seconds.add(new Second(this.secondStart, now, pauses));
		this.seconds.subList(0, firstInWindow(now)).clear();
		for (int i = 0; i < computed.loops.size(); i++) {
			entries.get(i).history().keepSlice(this.seconds.size());
			entries.get(i).columns().put(computed.loops.get(i));
		}
		this.columns.put(Instant.now().toEpochMilli(), computed.lag, computed.utilization, computed.cpu, processCpu,
				pauses, computed.requests);
		this.secondStart = now;
		this.pausesOfSecond.clear();
	}

	/**
	 * Take a snapshot of the window.
	 * @param entries the loops
	 * @param stallsOfRemovedLoops the number of stalls of loops that have been removed
	 * @return the loops at this instant
	 */
	public EventLoopSnapshot takeSnapshot(List<LoopEntry> entries, long stallsOfRemovedLoops) {
		List<Second> window = this.seconds.subList(firstInWindow(this.clock.getAsLong()), this.seconds.size());
		sumEnded(entries, window);
		this.ofAll.clear();
		this.ofAll.add(this.endedOfAll);
		LoopWeights weights = new LoopWeights(entries);
		LoopNames names = new LoopNames(entries);
		List<LoopSnapshot> loops = new ArrayList<>();
		double utilization = 0;
		long stalls = stallsOfRemovedLoops;
		int stallsInProgress = 0;
		long[] pending = longestFirst(this.pauses.pending());
		for (int i = 0; i < entries.size(); i++) {
			LoopEntry entry = entries.get(i);
			this.ofLoop.clear();
			LoopSnapshot loop = entry.history()
				.snapshot(names.of(entry), weights.of(entry), pending, this.pauses, this.ended.loops.get(i),
						this.ofLoop, this.ofAll);
			utilization += weights.isMeasured(entry) ? loop.utilization() : 0;
			stalls += loop.totals().stalls();
			stallsInProgress += (loop.state() == LoopState.STALLED) ? 1 : 0;
			loops.add(loop);
		}
		long now = this.clock.getAsLong();
		// The window starts at the beginning of a second.
		long start = window.isEmpty() ? this.secondStart : window.get(0).startNanos;
		PauseTotals totals = PauseTotals.of(pending);
		for (Second second : window) {
			totals = totals.plus(second.pauses);
		}
		return new EventLoopSnapshot(Instant.now(), now, Duration.ofNanos(now - start), this.ofAll.toLag(),
				weights.mean(utilization), totals, stalls, stallsInProgress, List.copyOf(loops));
	}

	private void sumEnded(List<LoopEntry> entries, List<Second> window) {
		if (entries.equals(this.ended.entries) && window.equals(this.ended.window)) {
			return;
		}
		this.endedOfAll.clear();
		List<LoopWindow.Sum> loops = new ArrayList<>();
		for (LoopEntry entry : entries) {
			this.ofLoop.clear();
			loops.add(entry.history().sumEnded(window.size(), this.ofLoop, this.endedOfAll));
		}
		this.ended = new EndedSeconds(entries, List.copyOf(window), loops);
	}

	/**
	 * Return the history of all loops after a given time.
	 * @param entries the loops
	 * @param after the time, in milliseconds of the wall clock
	 * @return the history
	 */
	public EventLoopHistory history(List<LoopEntry> entries, long after) {
		LoopNames names = new LoopNames(entries);
		List<LoopColumns.Named> loops = new ArrayList<>();
		boolean acceptsConnections = false;
		for (LoopEntry entry : entries) {
			loops.add(new LoopColumns.Named(names.of(entry), entry.columns(), entry.loop().isApproximate()));
			acceptsConnections |= acceptsConnections(entry);
		}
		return this.columns.toHistory(loops, after, acceptsConnections);
	}

	private static boolean acceptsConnections(LoopEntry entry) {
		return entry.loop().roles().contains(LoopRole.ACCEPTOR) || entry.loop().roles().contains(LoopRole.SERVER);
	}

	private static long[] longestFirst(List<Long> lengths) {
		long[] longestFirst = new long[lengths.size()];
		for (int i = 0; i < longestFirst.length; i++) {
			longestFirst[i] = lengths.get(i);
		}
		return longestFirst(longestFirst);
	}

	private static long[] longestFirst(long[] lengths) {
		long[] longestFirst = lengths.clone();
		Arrays.sort(longestFirst);
		for (int i = 0; i < longestFirst.length / 2; i++) {
			long shorter = longestFirst[i];
			longestFirst[i] = longestFirst[longestFirst.length - 1 - i];
			longestFirst[longestFirst.length - 1 - i] = shorter;
		}
		return longestFirst;
	}

	private int firstInWindow(long now) {
		int first = 0;
		while (first < this.seconds.size()
				&& now - this.seconds.get(first).endNanos >= this.settings.window().toNanos()) {
			first++;
		}
		return first;
	}

	private record Second(long startNanos, long endNanos, PauseTotals pauses) {
	}

	/**
	 * Sum of the seconds in the window that have ended.
	 *
	 * @param entries the loops
	 * @param window the seconds
	 * @param loops the sum of each loop
	 */
	private record EndedSeconds(List<LoopEntry> entries, List<Second> window, List<LoopWindow.Sum> loops) {
	}

	/** A second that has been computed but not committed yet. */
	private record ComputedSecond(List<LoopSecond> loops, Lag lag, Lag handled, double utilization, double cpu,
			List<Long> pauses, PauseTotals pauseTotals, long requests) {
	}

}
