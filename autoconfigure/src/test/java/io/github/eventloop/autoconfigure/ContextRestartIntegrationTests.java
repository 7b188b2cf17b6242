package io.github.eventloop.autoconfigure;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.internal.GlobalLoopResources;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that applications can be closed without leaks, and stopped and restarted without
 * losing data.
 */
class ContextRestartIntegrationTests {

	@Test
	void whenTenContextsAreClosedShouldNotLeakThreadsOrMonitors() {
		Map<String, Long> threadsBefore = threads();
		List<WeakReference<EventLoopMonitor>> monitors = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			List<MonitoredLoop> loops;
			try (ConfigurableApplicationContext context = BlockableApplication.run()) {
				assertThat(Visitor.of(context).loop()).startsWith("reactor-http-");
				assertThat(threads().get("eventloop-monitor"))
					.isLessThanOrEqualTo(threadsBefore.getOrDefault("eventloop-monitor", 0L) + 1);
				monitors.add(new WeakReference<>(context.getBean(EventLoopMonitor.class)));
				loops = GlobalLoopResources.loops();
			}
			assertThat(loops).isNotEmpty().allMatch(MonitoredLoop::isTerminated);
		}
		await(() -> assertThat(threads()).allSatisfy((name, number) -> assertThat(number).as(name)
			.isLessThanOrEqualTo(threadsBefore.getOrDefault(name, 0L))));
		await(() -> {
			System.gc();
			assertThat(monitors).allMatch((monitor) -> monitor.refersTo(null));
		});
	}

	@Test
	void whenContextIsRestartedShouldContinueCounting() {
		try (ConfigurableApplicationContext context = BlockableApplication.run()) {
			EventLoopMonitor monitor = context.getBean(EventLoopMonitor.class);
			Visitor visitor = Visitor.of(context);
			for (int i = 0; i < 200; i++) {
				visitor.loop();
			}
			visitor.block(Duration.ofMillis(200));
			await(() -> assertThat(monitor.snapshot().stalls()).isPositive());
			EventLoopSnapshot before = monitor.snapshot();
			context.stop();
			assertThat(monitor.snapshot().loops()).isEmpty();
			assertThat(monitor.snapshot().stalls()).isGreaterThanOrEqualTo(before.stalls());
			context.start();
			String loop = Visitor.of(context).loop();
			EventLoopSnapshot after = monitor.snapshot();
			assertThat(after.stalls()).isGreaterThanOrEqualTo(before.stalls());
			assertThat(after.loops()).hasSameSizeAs(before.loops())
				.extracting(LoopSnapshot::id)
				.doesNotContainAnyElementsOf(before.loops().stream().map(LoopSnapshot::id).toList());
			assertThat(after.loop(loop).orElseThrow().state()).isNotEqualTo(LoopState.NOT_STARTED);
			assertThat(after.since(before).loops()).allSatisfy((usage) -> {
				assertThat(usage.utilization()).isBetween(0.0, 1.0);
				assertThat(usage.iterations()).isNotNegative();
				assertThat(usage.idleNanos()).isNotNegative();
			});
		}
	}

	@Test
	void whenContextIsRestartedTenTimesShouldHaveAsManyLoopsAndThreadsAsBefore() {
		try (ConfigurableApplicationContext context = BlockableApplication.run("management.server.port=0",
				"management.server.address=127.0.0.1")) {
			EventLoopMonitor monitor = context.getBean(EventLoopMonitor.class);
			Visitor.of(context).loop();
			int loops = monitor.snapshot().loops().size();
			Map<String, Long> before = threads();
			for (int i = 0; i < 10; i++) {
				context.stop();
				context.start();
			}
			Visitor.of(context).loop();
			assertThat(monitor.snapshot().loops()).hasSize(loops);
			await(() -> assertThat(threads().values().stream().mapToLong(Long::longValue).sum())
				.isLessThanOrEqualTo(before.values().stream().mapToLong(Long::longValue).sum() + 1));
		}
	}

	@Test
	void whenContextIsRestartedShouldPublishMetersOfTheNewLoops() {
		try (ConfigurableApplicationContext context = BlockableApplication.run()) {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			Visitor visitor = Visitor.of(context);
			for (int i = 0; i < 1000; i++) {
				visitor.loop();
			}
			// On a busy machine, an iteration may handle several of them.
			await(() -> assertThat(iterations(registry)).isGreaterThan(300));
			context.stop();
			await(() -> assertThat(iterations(registry)).isZero());
			context.start();
			Visitor.of(context).loop();
			await(() -> assertThat(iterations(registry)).isBetween(1.0, 300.0));
		}
	}

	/**
	 * Return the number of iterations according to the meters, which are updated once a
	 * second.
	 */
	private static double iterations(MeterRegistry registry) {
		return registry.find("eventloop.iterations")
			.functionCounters()
			.stream()
			.mapToDouble(FunctionCounter::count)
			.sum();
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(assertion);
	}

	/** Return the number of threads of the library and of its loops, by name. */
	private static Map<String, Long> threads() {
		Map<String, Long> threads = new TreeMap<>();
		Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.matches("(eventloop|reactor-http|webflux-http|management-http)-.*"))
			.forEach((name) -> threads.merge(name, 1L, Long::sum));
		return threads;
	}

}
