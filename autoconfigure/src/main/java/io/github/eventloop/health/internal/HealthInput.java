package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.health.StartupState;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.Lag;
import io.github.eventloop.monitor.LoopSecond;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;

/**
 * Input of the {@link HealthPolicy} for one second.
 *
 * @param at the end of the second, by any monotonic clock
 * @param started whether at least one loop has started
 * @param ready whether the application has been ready at least once
 * @param lag the lag in this second alone, of all loops or of one with requests in flight
 * @param handledLag the same for the events that the loops handled in this second
 * @param utilization the utilization in this second alone, 0..1
 * @param requests the number of requests that arrived in this second
 * @param window the length of the window of the following lag
 * @param windowLag the lag over the window
 * @param busyLoops the loops with an iteration in progress, longest first
 * @param signals the judgements of the signals for this second
 */
public record HealthInput(Duration at, boolean started, boolean ready, Lag lag, Lag handledLag, double utilization,
		long requests, Duration window, Lag windowLag, List<BusyLoop> busyLoops, List<Judgement> signals) {

	public static HealthInput of(EventLoopSecond second, StartupState startup, List<Judgement> signals) {
		EventLoopSnapshot snapshot = second.snapshot();
		boolean anyStarted = false;
		List<LoopSnapshot> busy = new ArrayList<>();
		for (LoopSnapshot loop : snapshot.loops()) {
			anyStarted |= loop.counted() && loop.state() != LoopState.NOT_STARTED;
			if (loop.counted() && loop.stuckNanos() > 0) {
				busy.add(loop);
			}
		}
		return new HealthInput(Duration.ofNanos(snapshot.nanoTime()), anyStarted, startup.isReady(),
				worst(second, false), worst(second, true), second.utilization(), requests(second), snapshot.window(),
				snapshot.lag(), busy.isEmpty() ? List.of() : busyLoops(busy, startup), signals);
	}

	/**
	 * Return the lag that the second is judged by: that of all loops together, or that of
	 * one loop with requests in flight if it is worse. These requests wait for that loop,
	 * however many connections the others carry.
	 */
	private static Lag worst(EventLoopSecond second, boolean handled) {
		List<LoopSnapshot> loops = second.snapshot().loops();
		Lag worst = handled ? second.handledLag() : second.lag();
		for (int i = 0; i < second.loops().size(); i++) {
			LoopSecond loop = second.loops().get(i);
			Lag lag = handled ? loop.handledLag() : loop.lag();
			if (loops.get(i).counted() && loops.get(i).load().inFlightRequests() > 0
					&& lag.p99Nanos() > worst.p99Nanos()) {
				worst = lag;
			}
		}
		return worst;
	}

	private static long requests(EventLoopSecond second) {
		long sum = 0;
		for (LoopSecond loop : second.loops()) {
			sum += loop.loop().isCounted() ? loop.requests() : 0;
		}
		return sum;
	}

	private static List<BusyLoop> busyLoops(List<LoopSnapshot> loops, StartupState startup) {
		return loops.stream()
			.sorted(Comparator.comparingLong(LoopSnapshot::stuckNanos).reversed())
			.map((loop) -> new BusyLoop(loop.name(), Duration.ofNanos(loop.stuckNanos()),
					(loop.state() == LoopState.STALLED) ? startup.slowStartReason(loop.name()) : null))
			.toList();
	}

	/** Return whether a signal judges this second with the status. */
	boolean isSignalled(EventLoopStatus status) {
		for (Judgement signal : this.signals) {
			if (signal.status() == status) {
				return true;
			}
		}
		return false;
	}

	/** Return the reasons of the signals that judge this second with the status. */
	Stream<String> signalled(EventLoopStatus status) {
		return this.signals.stream().filter((signal) -> signal.status() == status).map(Judgement::reason);
	}

}
