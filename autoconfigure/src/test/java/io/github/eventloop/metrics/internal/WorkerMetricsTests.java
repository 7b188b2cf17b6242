package io.github.eventloop.metrics.internal;

import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import io.github.eventloop.metrics.EventLoopMeters;
import io.github.eventloop.monitor.ManualMonitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link WorkerMetrics}.
 */
class WorkerMetricsTests {

	private final ManualMonitor time = new ManualMonitor();

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final AtomicInteger sent = new AtomicInteger();

	private final Scheduler pool = Schedulers.newBoundedElastic(1, 10, "test-workers");

	private final Map<String, Supplier<Scheduler>> schedulers = Map.of("boundedElastic", () -> {
		this.sent.incrementAndGet();
		return this.pool;
	});

	private final CountDownLatch release = new CountDownLatch(1);

	@AfterEach
	void dispose() {
		this.release.countDown();
		this.pool.dispose();
	}

	@Test
	void whenThreadsAreIdleShouldRecordOneShortWaitPerSecond() {
		try (WorkerMetrics metrics = bound()) {
			for (int i = 1; i <= 3; i++) {
				this.time.endSecond();
				awaitCount(i);
			}
			assertThat(latency().totalTime(TimeUnit.SECONDS)).isLessThan(10);
			assertThat(waiting()).isZero();
			assertThat(latency().getId().getTags()).containsExactly(Tag.of("scheduler", "boundedElastic"));
			assertThat(latency().getId().getDescription()).isEqualTo(EventLoopMeters.WORKERS_LATENCY.getDescription());
		}
	}

	@Test
	void whenProbeStartsThreadShouldPassClassLoaderOfApplication() throws Exception {
		ClassLoader application = Thread.currentThread().getContextClassLoader();
		try (WorkerMetrics metrics = bound(); URLClassLoader monitors = new URLClassLoader(new URL[0])) {
			Thread.currentThread().setContextClassLoader(monitors);
			this.time.endSecond();
			awaitCount(1);
			assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(monitors);
		}
		finally {
			Thread.currentThread().setContextClassLoader(application);
		}
		CompletableFuture<ClassLoader> loader = new CompletableFuture<>();
		this.pool.schedule(() -> loader.complete(Thread.currentThread().getContextClassLoader()));
		assertThat(loader.get(60, TimeUnit.SECONDS)).isSameAs(application);
	}

	@Test
	void whenAllThreadsAreBusyShouldShowWaitInProgress() {
		try (WorkerMetrics metrics = bound()) {
			this.pool.schedule(this::block);
			this.time.endSecond();
			double first = awaitWaiting(0.01);
			this.time.endSecond();
			this.time.endSecond();
			assertThat(this.sent).as("one at a time").hasValue(1);
			double second = awaitWaiting(first + 0.1);
			assertThat(latency().count()).isZero();
			this.release.countDown();
			awaitCount(1);
			assertThat(latency().max(TimeUnit.SECONDS)).isGreaterThanOrEqualTo(second);
			assertThat(waiting()).isZero();
			this.time.endSecond();
			awaitCount(2);
		}
	}

	@Test
	void whenProbeIsRejectedShouldCountAsWaiting() {
		AtomicInteger tries = new AtomicInteger();
		Scheduler rejecting = new RejectingScheduler(this.pool, tries);
		try (WorkerMetrics metrics = bound(Map.of("boundedElastic", () -> rejecting))) {
			this.time.endSecond();
			awaitWaiting(0.05);
			assertThat(latency().count()).isZero();
			this.time.endSecond();
			assertThat(tries).hasValue(2);
			awaitCount(1);
			assertThat(latency().max(TimeUnit.SECONDS)).isGreaterThanOrEqualTo(0.05);
		}
	}

	@Test
	void whenSchedulerIsDisposedShouldRecordNothing() {
		this.pool.dispose();
		try (WorkerMetrics metrics = bound()) {
			this.time.endSecond();
			assertThat(waiting()).isZero();
			assertThat(latency().count()).isZero();
		}
	}

	@Test
	void eachRegistryShouldHaveItsOwnMeters() {
		MeterRegistry another = new SimpleMeterRegistry();
		try (WorkerMetrics metrics = bound()) {
			metrics.bindTo(another);
			metrics.bindTo(this.registry);
			assertThat(this.registry.getMeters()).hasSize(2);
			this.time.endSecond();
			awaitCount(1);
			assertThat(another.get("eventloop.workers.latency").timer().count()).isOne();
		}
	}

	@Test
	void closeShouldRemoveMetersAndCancelProbe() {
		try (WorkerMetrics metrics = bound()) {
			this.pool.schedule(this::block);
			this.time.endSecond();
			Timer latency = latency();
			metrics.close();
			assertThat(this.registry.getMeters()).isEmpty();
			this.time.endSecond();
			assertThat(this.sent).hasValue(1);
			this.release.countDown();
			run(this.pool);
			assertThat(latency.count()).isZero();
		}
	}

	@Test
	void shouldMeasureSharedSchedulers() {
		try (WorkerMetrics metrics = new WorkerMetrics(this.time.monitor())) {
			metrics.bindTo(this.registry);
			this.time.endSecond();
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(this.registry.get("eventloop.workers.latency").timers())
					.extracting((timer) -> timer.getId().getTag("scheduler"), Timer::count)
					.containsExactlyInAnyOrder(tuple("boundedElastic", 1L), tuple("parallel", 1L)));
		}
	}

	private WorkerMetrics bound() {
		return bound(this.schedulers);
	}

	private WorkerMetrics bound(Map<String, Supplier<Scheduler>> schedulers) {
		WorkerMetrics metrics = new WorkerMetrics(this.time.monitor(), schedulers);
		metrics.bindTo(this.registry);
		return metrics;
	}

	private Timer latency() {
		return this.registry.get("eventloop.workers.latency").timer();
	}

	@Test
	void waitingShouldHaveTimeUnitOfTheRegistry() {
		MeterRegistry millis = new SimpleMeterRegistry() {

			@Override
			protected TimeUnit getBaseTimeUnit() {
				return TimeUnit.MILLISECONDS;
			}

		};
		try (WorkerMetrics metrics = bound()) {
			metrics.bindTo(millis);
			TimeGauge gauge = millis.get("eventloop.workers.waiting").timeGauge();
			assertThat(gauge.getId().getBaseUnit()).isEqualTo("milliseconds");
			assertThat(gauge.value(TimeUnit.HOURS)).isZero();
		}
	}

	private double waiting() {
		return this.registry.get("eventloop.workers.waiting").timeGauge().value(TimeUnit.SECONDS);
	}

	private void awaitCount(long count) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> latency().count() == count);
	}

	private double awaitWaiting(double least) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> waiting() >= least);
		return waiting();
	}

	private void block() {
		try {
			this.release.await(60, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void run(Scheduler pool) {
		CountDownLatch done = new CountDownLatch(1);
		pool.schedule(done::countDown);
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> done.getCount() == 0);
	}

	/**
	 * Scheduler that rejects the first task.
	 */
	private record RejectingScheduler(Scheduler pool, AtomicInteger tries) implements Scheduler {

		@Override
		public Disposable schedule(Runnable task) {
			if (this.tries.incrementAndGet() == 1) {
				throw new RejectedExecutionException("test");
			}
			return this.pool.schedule(task);
		}

		@Override
		public Worker createWorker() {
			return this.pool.createWorker();
		}

	}

}
