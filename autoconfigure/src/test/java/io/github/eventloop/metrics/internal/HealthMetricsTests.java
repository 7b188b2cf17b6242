package io.github.eventloop.metrics.internal;

import java.time.Duration;
import java.util.List;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.ReadinessGate;
import io.github.eventloop.health.StartupState;
import io.github.eventloop.health.internal.TestSecond;
import io.github.eventloop.health.internal.TestSettings;
import io.github.eventloop.metrics.EventLoopMeters;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.MonitorSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link HealthMetrics}.
 */
class HealthMetricsTests {

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private long second;

	private EventLoopHealth health = health(null);

	@AfterEach
	void destroy() {
		this.health.destroy();
	}

	@Test
	void outOfServiceShouldFollowTheStatus() {
		new HealthMetrics(this.health).bindTo(this.registry);
		assertThat(this.registry.get("eventloop.out.of.service").gauge().value()).isZero();
		stuck(this.health);
		assertThat(this.registry.get("eventloop.out.of.service").gauge().value()).isOne();
	}

	@Test
	void staysShouldCountRefusals() {
		this.health.destroy();
		this.health = health(new RefusingGate());
		new HealthMetrics(this.health).bindTo(this.registry);
		assertThat(this.registry.get("eventloop.readiness.stays").functionCounter().count()).isZero();
		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
			stuck(this.health);
			assertThat(this.registry.get("eventloop.readiness.stays").functionCounter().count()).isOne();
		});
		assertThat(this.registry.get("eventloop.out.of.service").gauge().value()).isZero();
	}

	@Test
	void metersShouldBeThoseThatAreDocumentedUntilClosed() {
		HealthMetrics metrics = new HealthMetrics(this.health);
		metrics.bindTo(this.registry);
		metrics.bindTo(this.registry);
		assertThat(this.registry.getMeters()).extracting(Meter::getId)
			.extracting(Meter.Id::getName, Meter.Id::getType, Meter.Id::getDescription)
			.containsExactlyInAnyOrder(documented(EventLoopMeters.OUT_OF_SERVICE),
					documented(EventLoopMeters.READINESS_STAYS));
		metrics.close();
		assertThat(this.registry.getMeters()).isEmpty();
	}

	private static Tuple documented(EventLoopMeters meter) {
		return Tuple.tuple(meter.getName(), meter.getType(), meter.getDescription());
	}

	private static EventLoopHealth health(@Nullable ReadinessGate gate) {
		return new EventLoopHealth(new EventLoopMonitor(MonitorSettings.DEFAULT),
				new TestSettings().startupGrace(0).build(), (event) -> {
				}, List.of(), StartupState.READY, gate, true);
	}

	private void stuck(EventLoopHealth health) {
		health.onSecond(TestSecond.at(this.second++).loop("one", LoopState.STALLED, Duration.ofSeconds(5)).build());
	}

	private static final class RefusingGate implements ReadinessGate {

		@Override
		public Decision leave(Departure departure) {
			return Decision.refused("too few instances would remain");
		}

		@Override
		public void returned() {
		}

	}

}
