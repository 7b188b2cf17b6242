package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.health.HealthSignal;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallListener;

/**
 * Signal for loops that a single connection has stalled, so that the reason of the status
 * states the cause: another instance would lag just as much once that client reconnects.
 * <p>
 * Thread-safe. Stalls are reported and judged by the monitor thread, except for those
 * that are reported when the detector is closed.
 */
public final class OneConnectionSignal implements HealthSignal, StallListener {

	private final Duration shortest;

	/**
	 * Longest stall by one connection since the last second. Atomic: written by the
	 * thread that reports stalls, cleared by the monitor thread.
	 */
	private final AtomicReference<@Nullable Stall> longest = new AtomicReference<>();

	/**
	 * Create a signal for stalls that can make a second a bad one.
	 * @param settings the settings
	 */
	public OneConnectionSignal(HealthSettings settings) {
		this.shortest = settings.overloadedP99();
	}

	@Override
	public void onStallEnded(Stall stall) {
		if (stall.work().oneConnection() && stall.duration().compareTo(this.shortest) >= 0) {
			this.longest.accumulateAndGet(stall, OneConnectionSignal::longer);
		}
	}

	private static @Nullable Stall longer(@Nullable Stall previous, @Nullable Stall stall) {
		return (previous == null || stall == null || previous.duration().compareTo(stall.duration()) < 0) ? stall
				: previous;
	}

	@Override
	public @Nullable Judgement judge(EventLoopSecond second) {
		Stall stall = this.longest.getAndSet(null);
		if (stall == null || !isCounted(stall.loop(), second)) {
			return null;
		}
		return new Judgement(EventLoopStatus.DEGRADED,
				stall.loop() + " was busy with one connection for " + Figures.millis(stall.duration()));
	}

	private static boolean isCounted(String loop, EventLoopSecond second) {
		return second.snapshot()
			.loops()
			.stream()
			.filter(LoopSnapshot::counted)
			.anyMatch((each) -> each.name().equals(loop));
	}

}
