package io.github.eventloop.faults;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.netty.internal.LiveLoops;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that thousands of short-lived groups of loops leave nothing behind.
 */
class ManyLoopGroupsTests {

	private static final int GROUPS = 2000;

	private static final int CONCURRENCY = 16;

	@Test
	void whenTwoThousandGroupsHaveTerminatedShouldKeepNone() {
		try (EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT)) {
			monitor.start();
			await(() -> assertThat(monitor.snapshot().loops()).isEmpty());
			int threads = ManagementFactory.getThreadMXBean().getThreadCount();
			List<WeakReference<MonitoredLoopResources>> terminated = runGroups(monitor);
			assertThat(terminated).hasSize(GROUPS);
			await(() -> assertThat(monitor.snapshot().loops()).isEmpty());
			await(() -> assertThat(LiveLoops.loops()).noneMatch((loop) -> loop.group().equals("short-lived")));
			// The JVM, Netty and Reactor have started a few threads of their own.
			await(() -> assertThat(ManagementFactory.getThreadMXBean().getThreadCount())
				.isLessThanOrEqualTo(threads + 10));
			List<WeakReference<MonitoredLoopResources>> kept = new ArrayList<>(terminated);
			await(() -> {
				System.gc();
				kept.removeIf((resources) -> resources.refersTo(null));
				assertThat(kept).isEmpty();
			});
		}
	}

	private static List<WeakReference<MonitoredLoopResources>> runGroups(EventLoopMonitor monitor) {
		Scheduler scheduler = Schedulers.newBoundedElastic(CONCURRENCY, GROUPS, "starter");
		try {
			return Flux.range(0, GROUPS)
				.flatMap((i) -> Mono.fromCallable(() -> runGroup(monitor)).subscribeOn(scheduler), CONCURRENCY)
				.collectList()
				.block();
		}
		finally {
			scheduler.dispose();
		}
	}

	private static WeakReference<MonitoredLoopResources> runGroup(EventLoopMonitor monitor) throws Exception {
		MonitoredLoopResources resources = MonitoredLoopResources.builder("short-lived").workerCount(1).build();
		monitor.addSource(resources);
		resources.onServer(false).submit(() -> {
		}).get(60, TimeUnit.SECONDS);
		resources.disposeLater(Duration.ZERO, Duration.ofSeconds(20)).block();
		return new WeakReference<>(resources);
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(assertion);
	}

}
