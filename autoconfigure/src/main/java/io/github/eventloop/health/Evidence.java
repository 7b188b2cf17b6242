package io.github.eventloop.health;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.Lag;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;

/**
 * What the policy is told about one second.
 *
 * @param at the end of the second, by any clock that only goes forward
 * @param started whether there is a loop that has started
 * @param lag the lag in this second alone
 * @param utilization the utilization in this second alone, 0..1
 * @param window the time that the following lag is over
 * @param windowLag the lag over the window
 * @param busiestLoop the loop that has been in one iteration for longest, or {@code null}
 * if all wait for events
 * @param busyFor for how long it has been
 * @param signals what signals have to say against this second
 */
record Evidence(Duration at, boolean started, Lag lag, double utilization, Duration window, Lag windowLag,
		@Nullable String busiestLoop, Duration busyFor, List<Judgement> signals) {

	static Evidence of(EventLoopSecond second, List<Judgement> signals) {
		EventLoopSnapshot snapshot = second.snapshot();
		List<LoopSnapshot> loops = snapshot.loops().stream().filter(LoopSnapshot::isCounted).toList();
		boolean started = loops.stream().anyMatch((loop) -> loop.state() != LoopState.NOT_STARTED);
		Optional<LoopSnapshot> busiest = loops.stream().max(Comparator.comparing(LoopSnapshot::stuckNanos));
		long busyNanos = busiest.map(LoopSnapshot::stuckNanos).orElse(0L);
		return new Evidence(Duration.ofNanos(snapshot.nanoTime()), started, second.lag(), second.utilization(),
				snapshot.window(), snapshot.lag(),
				(busyNanos > 0) ? busiest.map(LoopSnapshot::name).orElse(null) : null, Duration.ofNanos(busyNanos),
				signals);
	}

	/** Whether a signal judges this second that way. */
	boolean isSignalled(EventLoopStatus status) {
		return this.signals.stream().anyMatch((signal) -> signal.status() == status);
	}

	/** Why signals judge this second that way. */
	Stream<String> signalled(EventLoopStatus status) {
		return this.signals.stream().filter((signal) -> signal.status() == status).map(Judgement::reason);
	}

}
