package io.github.eventloop.metrics.internal;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import io.github.eventloop.metrics.EventLoopMeters;
import io.github.eventloop.monitor.ManualLoop;
import io.github.eventloop.monitor.ManualMonitor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SheddingMetrics}.
 */
class SheddingMetricsTests {

	private final ManualMonitor time = new ManualMonitor();

	private final Map<String, Long> shed = new ConcurrentHashMap<>();

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final SheddingMetrics metrics = new SheddingMetrics(this.time.monitor(),
			(group) -> this.shed.getOrDefault(group, 0L));

	@Test
	void eachGroupShouldHaveCounterFromTheStart() {
		this.metrics.bindTo(this.registry);
		this.time.addLoop("server", "server-1");
		this.time.addLoop("server", "server-2").start();
		this.time.addLoop("client", "client-1").start();
		endSecond();
		assertThat(this.registry.getMeters()).hasSize(2).allSatisfy((meter) -> {
			Meter.Id id = meter.getId();
			assertThat(id.getName()).isEqualTo(EventLoopMeters.SHED_REQUESTS.getName());
			assertThat(id.getType()).isEqualTo(EventLoopMeters.SHED_REQUESTS.getType());
			assertThat(id.getDescription()).isEqualTo(EventLoopMeters.SHED_REQUESTS.getDescription());
			assertThat(id.getTags()).extracting(Tag::getKey).containsExactly("group");
		});
		assertThat(counter(this.registry, "server").count()).isZero();
		assertThat(counter(this.registry, "client").count()).isZero();
	}

	@Test
	void counterShouldCountRequestsOfItsGroup() {
		this.metrics.bindTo(this.registry);
		this.time.addLoop("server", "server-1");
		this.time.addLoop("client", "client-1");
		endSecond();
		this.shed.put("server", 7L);
		assertThat(counter(this.registry, "server").count()).isEqualTo(7);
		assertThat(counter(this.registry, "client").count()).isZero();
	}

	@Test
	void whenGroupHasNoLoopsShouldRemoveCounter() {
		this.metrics.bindTo(this.registry);
		ManualLoop loop = this.time.addLoop("server", "server-1").start();
		endSecond();
		assertThat(this.registry.getMeters()).hasSize(1);
		loop.terminate();
		endSecond();
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void eachRegistryShouldHaveItsOwnCountersUntilClosed() {
		MeterRegistry another = new SimpleMeterRegistry();
		this.metrics.bindTo(this.registry);
		this.metrics.bindTo(this.registry);
		this.metrics.bindTo(another);
		this.time.addLoop("server", "server-1");
		this.shed.put("server", 3L);
		endSecond();
		assertThat(counter(this.registry, "server").count()).isEqualTo(3);
		assertThat(counter(another, "server").count()).isEqualTo(3);
		Meter unrelated = another.counter("unrelated");
		this.metrics.close();
		endSecond();
		assertThat(this.registry.getMeters()).isEmpty();
		assertThat(another.getMeters()).containsExactly(unrelated);
	}

	private static FunctionCounter counter(MeterRegistry registry, String group) {
		return registry.get("eventloop.shed.requests").tag("group", group).functionCounter();
	}

	private void endSecond() {
		this.time.pass(Duration.ofSeconds(1));
		this.time.endSecond();
	}

}
