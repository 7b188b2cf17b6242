package io.github.eventloop.health;

import java.util.List;

import org.springframework.boot.health.contributor.AbstractReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import reactor.core.publisher.Mono;

import io.github.eventloop.health.internal.Figures;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.Lag;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;

/**
 * Reactive health indicator for the {@link EventLoopStatus}: {@code UP} while the
 * application should receive traffic, {@code OUT_OF_SERVICE} otherwise.
 * <p>
 * Spring Boot calls indicators that are not reactive on the {@code boundedElastic}
 * scheduler. This one does not block, and must not queue behind work that does. There are
 * no event loops to judge without Reactor.
 *
 * @since 0.1.0
 */
public class EventLoopHealthIndicator extends AbstractReactiveHealthIndicator {

	private final EventLoopHealth health;

	/**
	 * Create an indicator.
	 * @param health the health to report
	 */
	public EventLoopHealthIndicator(EventLoopHealth health) {
		super("Event loop health check failed");
		this.health = health;
	}

	@Override
	protected Mono<Health> doHealthCheck(Health.Builder builder) {
		EventLoopHealth.Judged judged = this.health.judged();
		Judgement judgement = judged.judgement();
		EventLoopSnapshot snapshot = judged.snapshot();
		Lag lag = (snapshot != null) ? snapshot.lag() : Lag.NONE;
		// No custom status: Spring Boot responds with 200 to a status that is unknown.
		return Mono.just(builder.status(judgement.status().isInService() ? Status.UP : Status.OUT_OF_SERVICE)
			.withDetail("status", judgement.status().name())
			.withDetail("reason", judgement.reason())
			.withDetail("lagP99Millis", Figures.roundedMillis(lag.p99Nanos()))
			.withDetail("lagMaxMillis", Figures.roundedMillis(lag.maxNanos()))
			.withDetail("utilization", Figures.rounded((snapshot != null) ? snapshot.utilization() : 0))
			.withDetail("stalledLoops", (snapshot != null) ? stalledLoops(snapshot) : List.of())
			.build());
	}

	private static List<String> stalledLoops(EventLoopSnapshot snapshot) {
		return snapshot.loops()
			.stream()
			.filter((loop) -> loop.counted() && loop.state() == LoopState.STALLED)
			.map(LoopSnapshot::name)
			.toList();
	}

}
