package io.github.eventloop.netty.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.EventExecutor;
import org.assertj.core.data.Offset;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.LoopUsage;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.netty.Placement;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MonitoredEventLoop} on one transport. Real event loops run a schedule
 * of tasks that measure their own duration, so that the expected values are known even on
 * a busy machine.
 */
abstract class AbstractMonitoredEventLoopTests {

	private final EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);

	private final EventLoopGroup group;

	private final EventLoop loop;

	AbstractMonitoredEventLoopTests(Transport transport) {
		Assumptions.assumeTrue(transport.isAvailable(),
				() -> transport + " is not available: " + transport.unavailability());
		this.group = new MonitoredEventLoopGroup(1, new LoopThread.Factory("test", true, new AtomicLong()),
				transport.newHandlerFactory(), Placement.ROUND_ROBIN,
				new LoopPurpose("test", "expected", LoopOwner.APPLICATION));
		this.loop = this.group.next();
	}

	@BeforeEach
	void addSource() {
		this.monitor.addSource(() -> List.of((MonitoredLoop) this.loop));
	}

	@AfterEach
	void shutDown() throws Exception {
		this.monitor.close();
		this.group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
	}

	@Test
	void whenNeverStartedShouldBeIdle() {
		this.monitor.start();
		LoopSnapshot snapshot = only(this.monitor.snapshot());
		assertThat(snapshot.state()).isEqualTo(LoopState.NOT_STARTED);
		assertThat(snapshot.name()).isEqualTo("expected-1");
		assertThat(snapshot.utilization()).isZero();
	}

	/** Repeated, since a busy machine may delay the loop between two tasks. */
	@Test
	void whenScheduleIsKnownShouldReportItsUtilizationAndLag() {
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.atMost(Duration.ofMinutes(3))
			.untilAsserted(this::runScheduleAndCompare);
	}

	private void runScheduleAndCompare() throws Exception {
		run(() -> 0L);
		idle(Duration.ofMillis(50));
		EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);
		monitor.addSource(() -> List.of((MonitoredLoop) this.loop));
		EventLoopSnapshot before = monitor.snapshot();
		List<Long> lengths = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			lengths.add(run(() -> spin(Duration.ofMillis(40))));
			idle(Duration.ofMillis(60));
			lengths.add(run(() -> sleep(Duration.ofMillis(25))));
			idle(Duration.ofMillis(75));
		}
		lengths.add(run(() -> spin(Duration.ofMillis(300))));
		idle(Duration.ofMillis(50));
		EventLoopSnapshot after = monitor.snapshot();
		double busy = lengths.stream().mapToLong(Long::longValue).sum();
		LoopUsage usage = after.since(before).loops().get(0);
		assertThat(usage.utilization()).isCloseTo(busy / after.since(before).duration().toNanos(), Offset.offset(0.02));
		assertThat((double) usage.taskNanos()).isCloseTo(busy, Offset.offset(0.03 * busy));
		assertThat(usage.taskNanos() + usage.ioNanos() + usage.idleNanos())
			.isCloseTo(after.since(before).duration().toNanos(), Offset.offset(5_000_000L));
		assertThat(usage.stalls()).isBetween(lengths.stream().filter((length) -> length > 110_000_000).count(),
				lengths.stream().filter((length) -> length > 90_000_000).count());
		long window = after.window().toNanos();
		assertThat((double) only(after).lag().p90Nanos()).isCloseTo(lag(lengths, window, 0.9), Offset.offset(3e6));
		assertThat((double) only(after).lag().p99Nanos()).isCloseTo(lag(lengths, window, 0.99), Offset.offset(40e6));
		assertThat((double) only(after).lag().maxNanos()).isCloseTo(lag(lengths, window, 1), Offset.offset(40e6));
	}

	@Test
	void whenLoopIsBlockedShouldReportItImmediatelyWithoutTheLoop() throws Exception {
		this.monitor.start();
		run(() -> 0L);
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		// The task may still run in the iteration of the previous one.
		long from = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(50);
		this.loop.execute(() -> {
			blocked.countDown();
			awaitUninterruptibly(release);
		});
		try {
			assertThat(blocked.await(60, TimeUnit.SECONDS)).isTrue();
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.until(() -> only(this.monitor.snapshot()).state() == LoopState.STALLED);
			EventLoopSnapshot during = this.monitor.snapshot();
			long age = System.nanoTime() - from;
			assertThat(only(during).busyNanos()).isBetween(100_000_000L, age);
			assertThat(only(during).lag().maxNanos()).isBetween(100_000_000L, age);
			assertThat(during.stallsInProgress()).isOne();
		}
		finally {
			release.countDown();
		}
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> only(this.monitor.snapshot()).state() == LoopState.IDLE);
		assertThat(this.monitor.snapshot().stalls()).isOne();
	}

	@Test
	void whenLoopIsBlockedShouldCountPendingRegistrations() throws Exception {
		MonitoredEventLoop monitored = (MonitoredEventLoop) this.loop;
		CountDownLatch release = new CountDownLatch(1);
		this.loop.execute(() -> {
			try {
				release.await(60, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		MonitoredLoopResources resources = MonitoredLoopResources.create("channels");
		List<ChannelFuture> registrations = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			registrations.add(this.loop.register(resources.onChannel(SocketChannel.class, this.group)));
		}
		assertThat(monitored.channels()).isEqualTo(3);
		release.countDown();
		for (ChannelFuture registration : registrations) {
			registration.sync();
		}
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> monitored.channels() == 3);
		for (ChannelFuture registration : registrations) {
			registration.channel().close().sync();
		}
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> monitored.channels() == 0);
	}

	@Test
	void whenLoopRunsScheduledTasksShouldCountThem() throws Exception {
		run(() -> 0L);
		EventLoopSnapshot before = this.monitor.snapshot();
		CountDownLatch done = new CountDownLatch(5);
		for (int i = 1; i <= 5; i++) {
			this.loop.schedule(() -> {
				spin(Duration.ofMillis(20));
				done.countDown();
			}, i * 50L, TimeUnit.MILLISECONDS);
		}
		assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
		run(() -> 0L);
		LoopUsage usage = this.monitor.snapshot().since(before).loops().get(0);
		assertThat(usage.taskNanos()).isGreaterThanOrEqualTo(5 * 20_000_000L);
		assertThat(usage.idleNanos()).isGreaterThan(50_000_000L);
		assertThat(usage.iterations()).isGreaterThanOrEqualTo(3);
	}

	@Test
	void whenReadConcurrentlyCountersShouldOnlyGrow() throws Exception {
		AtomicBoolean running = new AtomicBoolean(true);
		this.loop.execute(new Runnable() {

			@Override
			public void run() {
				if (running.get()) {
					AbstractMonitoredEventLoopTests.this.loop.schedule(this, 20, TimeUnit.MICROSECONDS);
				}
			}

		});
		LoopSnapshot last = only(this.monitor.snapshot());
		long first = last.totals().iterations();
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
		long read = 0;
		while ((read < 10_000 || last.totals().iterations() < first + 10_000) && System.nanoTime() < end) {
			LoopSnapshot next = only(this.monitor.snapshot());
			assertThat(next.totals().idleNanos()).isGreaterThanOrEqualTo(last.totals().idleNanos());
			assertThat(next.totals().ioNanos()).isGreaterThanOrEqualTo(last.totals().ioNanos());
			assertThat(next.totals().taskNanos()).isGreaterThanOrEqualTo(last.totals().taskNanos());
			assertThat(next.totals().iterations()).isGreaterThanOrEqualTo(last.totals().iterations());
			assertThat(next.utilization()).isBetween(0.0, 1.0);
			assertThat(next.busyNanos()).isNotNegative();
			last = next;
			read++;
		}
		running.set(false);
		assertThat(read).isGreaterThanOrEqualTo(10_000);
		assertThat(last.totals().iterations()).isGreaterThanOrEqualTo(first + 10_000);
	}

	@Test
	void whenShutDownShouldReportItsTermination() throws Exception {
		run(() -> spin(Duration.ofMillis(5)));
		assertThat(this.monitor.snapshot().loops()).hasSize(1);
		this.group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
		assertThat(this.monitor.snapshot().loops()).isEmpty();
	}

	@Test
	void shouldKeepContractOfNetty() {
		for (EventExecutor executor : this.group) {
			assertThat(executor).isInstanceOf(MonitoredEventLoop.class);
			assertThat(executor.parent()).isSameAs(this.group);
		}
		assertThat(((MonitoredEventLoop) this.loop).channels()).isZero();
	}

	private long run(Callable<Long> task) throws Exception {
		return this.loop.submit(task).get(60, TimeUnit.SECONDS);
	}

	/** Wait while the loop is idle, as part of the schedule. */
	private static void idle(Duration duration) {
		sleep(duration);
	}

	private static long spin(Duration duration) {
		long from = System.nanoTime();
		while (System.nanoTime() - from < duration.toNanos()) {
			Thread.onSpinWait();
		}
		return System.nanoTime() - from;
	}

	private static long sleep(Duration duration) {
		long from = System.nanoTime();
		long left = duration.toNanos();
		while (left > 0) {
			LockSupport.parkNanos(left);
			left = duration.toNanos() - (System.nanoTime() - from);
		}
		return System.nanoTime() - from;
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Return a percentile of the lag by its definition, found by bisection. */
	private static double lag(List<Long> lengths, long window, double share) {
		double low = 0;
		double high = lengths.stream().mapToLong(Long::longValue).max().orElse(0);
		for (int i = 0; i < 60; i++) {
			double x = (low + high) / 2;
			double exceeded = lengths.stream().mapToDouble((length) -> Math.max(0, length - x)).sum() / window;
			if (exceeded > 1 - share) {
				low = x;
			}
			else {
				high = x;
			}
		}
		return high;
	}

	private static LoopSnapshot only(EventLoopSnapshot snapshot) {
		assertThat(snapshot.loops()).hasSize(1);
		return snapshot.loops().get(0);
	}

}
