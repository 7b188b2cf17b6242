package io.github.eventloop.metrics.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import io.github.eventloop.blocking.BlockingKind;
import io.github.eventloop.blocking.TestCalls;
import io.github.eventloop.metrics.EventLoopMeters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link BlockingMetrics}.
 */
class BlockingMetricsTests {

	private final TestCalls calls = new TestCalls();

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final BlockingMetrics metrics = new BlockingMetrics(this.calls.calls());

	@Test
	void withoutCallsShouldHaveNoMeters() {
		this.metrics.bindTo(this.registry);
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void shouldRecordCallsByKind() {
		this.metrics.bindTo(this.registry);
		this.calls.add(BlockingKind.SLEEP, Duration.ofMillis(30));
		this.calls.add(BlockingKind.SLEEP, Duration.ofMillis(10));
		this.calls.add(BlockingKind.SOCKET_READ, Duration.ZERO);
		Timer sleep = this.registry.get("eventloop.blocking.calls").tag("kind", "sleep").timer();
		assertThat(sleep.count()).isEqualTo(2);
		assertThat(sleep.totalTime(TimeUnit.MILLISECONDS)).isCloseTo(40, within(1e-6));
		assertThat(sleep.getId().getDescription()).isEqualTo(EventLoopMeters.BLOCKING_CALLS.getDescription());
		assertThat(sleep.getId().getTags()).containsExactly(Tag.of("kind", "sleep"));
		assertThat(this.registry.get("eventloop.blocking.calls").tag("kind", "socket_read").timer().count()).isOne();
		assertThat(this.registry.getMeters()).hasSize(2);
	}

	@Test
	void eachRegistryShouldHaveItsOwnTimers() {
		MeterRegistry another = new SimpleMeterRegistry();
		this.metrics.bindTo(this.registry);
		this.metrics.bindTo(this.registry);
		this.metrics.bindTo(another);
		this.calls.add(BlockingKind.PARK, Duration.ofMillis(1));
		assertThat(this.registry.get("eventloop.blocking.calls").timer().count()).isOne();
		assertThat(another.get("eventloop.blocking.calls").timer().count()).isOne();
	}

	@Test
	void closeShouldRemoveTimers() {
		this.metrics.bindTo(this.registry);
		this.calls.add(BlockingKind.PARK, Duration.ofMillis(1));
		this.metrics.close();
		assertThat(this.registry.getMeters()).isEmpty();
		this.calls.add(BlockingKind.PARK, Duration.ofMillis(1));
		assertThat(this.registry.getMeters()).isEmpty();
	}

}
