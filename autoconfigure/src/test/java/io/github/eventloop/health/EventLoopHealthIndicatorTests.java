package io.github.eventloop.health;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import io.github.eventloop.health.internal.TestSecond;
import io.github.eventloop.health.internal.TestSettings;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.MonitorSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for {@link EventLoopHealthIndicator}.
 */
class EventLoopHealthIndicatorTests {

	private final EventLoopHealth health = new EventLoopHealth(new EventLoopMonitor(MonitorSettings.DEFAULT),
			new TestSettings().startupGrace(0).build(), (event) -> {
			});

	private final EventLoopHealthIndicator indicator = new EventLoopHealthIndicator(this.health);

	@AfterEach
	void stop() {
		this.health.destroy();
	}

	@Test
	void whenNotJudgedYetShouldBeUp() {
		Health result = check();
		assertThat(result.getStatus()).isEqualTo(Status.UP);
		assertThat(result.getDetails()).containsExactly(entry("status", "STARTING"),
				entry("reason", "no second has been judged yet"), entry("lagP99Millis", 0.0),
				entry("lagMaxMillis", 0.0), entry("utilization", 0.0), entry("stalledLoops", List.of()));
	}

	@Test
	void whenHealthyShouldBeUpWithRoundedFigures() {
		this.health.onSecond(TestSecond.at(0).lag(Duration.ofNanos(1_234_567)).utilization(1.0 / 3).build());
		Health result = check();
		assertThat(result.getStatus()).isEqualTo(Status.UP);
		assertThat(result.getDetails()).containsExactly(entry("status", "HEALTHY"),
				entry("reason", "lag p99 1.2 ms over 10 s"), entry("lagP99Millis", 1.235), entry("lagMaxMillis", 2.469),
				entry("utilization", 0.333), entry("stalledLoops", List.of()));
	}

	@Test
	void whenDegradedShouldBeUp() {
		this.health.onSecond(TestSecond.at(0).lag(Duration.ofMillis(60)).build());
		assertThat(check().getStatus()).isEqualTo(Status.UP);
		assertThat(check().getDetails()).containsEntry("status", "DEGRADED");
	}

	@Test
	void whenOverloadedShouldBeOutOfService() {
		for (int second = 0; second < 3; second++) {
			this.health.onSecond(TestSecond.at(second).lag(Duration.ofMillis(300)).build());
		}
		assertThat(check().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		assertThat(check().getDetails()).containsEntry("status", "OVERLOADED").containsEntry("lagP99Millis", 300.0);
	}

	@Test
	void whenStuckShouldBeOutOfServiceAndNameTheStalledLoops() {
		this.health.onSecond(TestSecond.at(0)
			.loop("one", LoopState.STALLED, Duration.ofMillis(150))
			.loop("two", LoopState.BUSY, Duration.ofMillis(50))
			.loop("three", LoopState.STALLED, Duration.ofMillis(3200))
			.build());
		assertThat(check().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		assertThat(check().getDetails()).containsEntry("status", "STUCK")
			.containsEntry("stalledLoops", List.of("one", "three"));
		assertThat(check().getDetails().get("reason")).asString()
			.startsWith("three has made no progress for 3.2 s; back in service in 10 s if no loop is stuck");
	}

	private Health check() {
		Health result = this.indicator.health().block(Duration.ofSeconds(60));
		assertThat(result).isNotNull();
		return result;
	}

}
