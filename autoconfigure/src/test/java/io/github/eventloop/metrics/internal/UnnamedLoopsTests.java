package io.github.eventloop.metrics.internal;

import java.time.Duration;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.eventloop.monitor.ManualLoop;
import io.github.eventloop.monitor.ManualMonitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link EventLoopMetrics} with registries whose meter filters remove or unify
 * the names of loops, so that there is one set of meters for each group.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("registries")
class UnnamedLoopsTests {

	private static final MeterFilter UNNAMED = MeterFilter.ignoreTags("name");

	private static final MeterFilter SAME_NAME = MeterFilter.replaceTagValues("name", (name) -> "all");

	private final ManualMonitor time = new ManualMonitor();

	private final EventLoopMetrics metrics = new EventLoopMetrics(this.time.monitor(), null);

	/** The registry that the meters are bound to. */
	@Parameter(0)
	private MeterRegistry bound;

	/** The registry that the meters are read from. */
	@Parameter(1)
	private MeterRegistry read;

	static Stream<Arguments> registries() {
		MeterRegistry simple = filtered(new SimpleMeterRegistry(), UNNAMED);
		MeterRegistry unified = filtered(new SimpleMeterRegistry(), SAME_NAME);
		MeterRegistry prometheus = filtered(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), UNNAMED);
		MeterRegistry child = filtered(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), UNNAMED);
		MeterRegistry grandchild = filtered(new SimpleMeterRegistry(), UNNAMED);
		MeterRegistry plainChild = new SimpleMeterRegistry();
		return Stream.of(Arguments.of(Named.of("simple", simple), simple),
				Arguments.of(Named.of("one name for all", unified), unified),
				Arguments.of(Named.of("Prometheus", prometheus), prometheus),
				Arguments.of(Named.of("composite of a filtered one",
						new CompositeMeterRegistry().add(new SimpleMeterRegistry()).add(child)), child),
				Arguments.of(
						Named.of("composite of a composite",
								new CompositeMeterRegistry().add(new CompositeMeterRegistry().add(grandchild))),
						grandchild),
				Arguments.of(
						Named.of("filtered composite", filtered(new CompositeMeterRegistry(), UNNAMED).add(plainChild)),
						plainChild));
	}

	private static <R extends MeterRegistry> R filtered(R registry, MeterFilter filter) {
		registry.config().meterFilter(filter);
		return registry;
	}

	@Test
	void metersShouldAggregateTheGroup() {
		this.metrics.bindTo(this.bound);
		ManualLoop first = this.time.addLoop("http", "http-1").start();
		ManualLoop second = this.time.addLoop("http", "http-2").start();
		this.time.addLoop("client", "client-1").start().channels = 100;
		first.channels = 3;
		second.channels = 4;
		first.pendingTasks = 1;
		second.pendingTasks = 5;
		first.inFlightRequests = 2;
		second.inFlightRequests = 7;
		first.iterate(5, Duration.ofMillis(300), Duration.ofMillis(100));
		second.idle(Duration.ofMillis(400));
		first.idle(Duration.ofMillis(600));
		second.iterate(2, Duration.ofMillis(200), Duration.ZERO);
		second.idle(Duration.ofMillis(400));
		this.time.pass(Duration.ofSeconds(1));
		this.time.endSecond();
		assertThat(gauge("eventloop.channels")).isEqualTo(7);
		assertThat(gauge("eventloop.tasks.pending")).isEqualTo(6);
		assertThat(gauge("eventloop.requests.active")).isEqualTo(9);
		assertThat(count("eventloop.events")).isEqualTo(7);
		assertThat(gauge("eventloop.utilization")).isBetween(0.05, 0.5);
		assertThat(this.read.get("eventloop.lag").tag("group", "http").timer().count()).isGreaterThan(150);
		assertThat(this.read.get("eventloop.time").tags("group", "http", "state", "tasks").functionCounter().count())
			.isCloseTo(0.1, within(1e-6));
		assertThat(this.read.get("eventloop.channels").tag("group", "client").gauge().value()).isEqualTo(100);
	}

	@Test
	void whenLoopsComeAndGoCountersShouldOnlyGrow() {
		this.metrics.bindTo(this.bound);
		ManualLoop first = this.time.addLoop("http", "http-1").start();
		ManualLoop second = this.time.addLoop("http", "http-2").start();
		first.iterate(5, Duration.ofMillis(10), Duration.ZERO);
		second.iterate(3, Duration.ofMillis(10), Duration.ZERO);
		endSecond();
		assertThat(count("eventloop.events")).isEqualTo(8);
		first.terminated = true;
		endSecond();
		assertThat(count("eventloop.events")).isEqualTo(8);
		ManualLoop third = this.time.addLoop("http", "http-3").start();
		third.channels = 6;
		third.iterate(2, Duration.ofMillis(10), Duration.ZERO);
		endSecond();
		assertThat(count("eventloop.events")).isEqualTo(10);
		assertThat(gauge("eventloop.channels")).isEqualTo(6);
		second.terminated = true;
		third.terminated = true;
		endSecond();
		assertThat(this.read.find("eventloop.events").tag("group", "http").functionCounters()).isEmpty();
		assertThat(this.read.find("eventloop.lag").tag("group", "http").timers()).isEmpty();
		this.time.addLoop("http", "http-1").start().iterate(1, Duration.ofMillis(10), Duration.ZERO);
		endSecond();
		assertThat(count("eventloop.events")).isEqualTo(1);
		this.metrics.close();
		assertThat(this.read.getMeters()).isEmpty();
	}

	private void endSecond() {
		this.time.pass(Duration.ofSeconds(1));
		this.time.endSecond();
	}

	private double gauge(String name) {
		return this.read.get(name).tag("group", "http").gauge().value();
	}

	private double count(String name) {
		return this.read.get(name).tag("group", "http").functionCounter().count();
	}

}
