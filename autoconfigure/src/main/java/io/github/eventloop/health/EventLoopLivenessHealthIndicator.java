package io.github.eventloop.health;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.health.contributor.AbstractReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import reactor.core.publisher.Mono;

import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.InvalidSettingException;
import io.github.eventloop.monitor.LoopSnapshot;

/**
 * Reactive health indicator that is {@code DOWN} while a loop has made no progress for so
 * long that only a restart will help, and {@code UP} otherwise. Lag does not count,
 * however high: a restart resolves a deadlock, but makes overload worse. Stuck loops do
 * not count either while the status is {@link EventLoopStatus#STARTING}: a restart would
 * only begin the startup again.
 *
 * @since 0.1.0
 * @see EventLoopHealthIndicator
 */
public class EventLoopLivenessHealthIndicator extends AbstractReactiveHealthIndicator {

	/** Loops are judged once a second. */
	private static final Duration SHORTEST = Duration.ofSeconds(1);

	private final EventLoopHealth health;

	private final Duration stuckAfter;

	/**
	 * Create an indicator.
	 * @param health the health to report
	 * @param stuckAfter the age of an iteration in progress from which the loop needs a
	 * restart, at least 1 second
	 * @throws InvalidSettingException if that age is shorter
	 */
	public EventLoopLivenessHealthIndicator(EventLoopHealth health, Duration stuckAfter) {
		super("Event loop liveness check failed");
		if (stuckAfter.compareTo(SHORTEST) < 0) {
			throw new InvalidSettingException("stuckAfter", stuckAfter, "must be at least %s", SHORTEST);
		}
		this.health = health;
		this.stuckAfter = stuckAfter;
	}

	@Override
	protected Mono<Health> doHealthCheck(Health.Builder builder) {
		EventLoopHealth.Judged judged = this.health.judged();
		EventLoopSnapshot snapshot = judged.snapshot();
		boolean starting = judged.judgement().status() == EventLoopStatus.STARTING;
		List<String> stuckLoops = (snapshot != null && !starting) ? stuckLoops(snapshot) : List.of();
		return Mono
			.just((stuckLoops.isEmpty() ? builder.up() : builder.down()).withDetail("stuckLoops", stuckLoops).build());
	}

	private List<String> stuckLoops(EventLoopSnapshot snapshot) {
		return snapshot.loops()
			.stream()
			.filter((loop) -> loop.counted() && Duration.ofNanos(loop.stuckNanos()).compareTo(this.stuckAfter) >= 0)
			.map(LoopSnapshot::name)
			.toList();
	}

}
