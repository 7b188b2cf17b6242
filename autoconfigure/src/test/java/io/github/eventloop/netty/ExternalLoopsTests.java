package io.github.eventloop.netty;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.netty.internal.LoopOwner;
import io.github.eventloop.netty.internal.LoopPurpose;
import io.github.eventloop.netty.internal.LoopThread;
import io.github.eventloop.netty.internal.MonitoredEventLoopGroup;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.StallListener;
import io.github.eventloop.stall.StallSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ExternalLoops} with event loops of Netty.
 */
class ExternalLoopsTests {

	/** Probes are sent at intervals, so the start of a stall is not known exactly. */
	private static final Duration TOLERANCE = Duration.ofMillis(150);

	private final EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);

	private final StallDetector stalls = new StallDetector(this.monitor,
			new StackReader(List.of("io.github.eventloop.netty")), StallSettings.DEFAULT);

	private final BlockingQueue<Stall> ended = new LinkedBlockingQueue<>();

	private final ExternalLoops loops = new ExternalLoops(this.monitor);

	private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, new DefaultThreadFactory("driver", true),
			NioIoHandler.newFactory());

	private final EventLoop loop = this.group.next();

	private final CountDownLatch release = new CountDownLatch(1);

	@BeforeEach
	void start() {
		this.stalls.addListener(new StallListener() {

			@Override
			public void onStallEnded(Stall stall) {
				ExternalLoopsTests.this.ended.add(stall);
			}

		});
		this.stalls.start();
		this.monitor.start();
	}

	@AfterEach
	void shutDown() throws Exception {
		this.release.countDown();
		this.stalls.close();
		this.monitor.close();
		this.group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
	}

	@Test
	void whenIdleShouldCompleteProbesWithLowLag() {
		assertThat(this.loops.add("redis", this.group)).isTrue();
		run(this.loop);
		awaitProbes(10);
		awaitLowLag();
		LoopSnapshot snapshot = started();
		assertThat(snapshot.approximate()).isTrue();
		assertThat(snapshot.group()).isEqualTo("redis");
		assertThat(snapshot.name()).startsWith("driver-");
		assertThat(snapshot.utilization()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "isShuttingDown", "inEventLoop", "execute", "isTerminated" })
	void whenALoopFailsShouldProbeTheOthers(String method) {
		EventLoop broken = new BrokenLoop(method);
		this.loops.add("broken", broken);
		this.loops.add("redis", this.group);
		broken.execute(() -> {
		});
		run(this.loop);
		awaitProbes(5);
		assertThat(this.loops.add("redis", this.group)).as("is monitored").isFalse();
		broken.shutdownGracefully(0, 5, TimeUnit.SECONDS);
	}

	@Test
	void whenSourceIsClosedShouldEndTheStallInProgress() throws InterruptedException {
		this.loops.add("redis", this.group);
		run(this.loop);
		awaitProbes(2);
		this.loop.execute(this::block);
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> this.stalls.stalls().stream().anyMatch((stall) -> stall.samples().count() > 0));
		this.loops.close();
		Stall stall = this.ended.poll(60, TimeUnit.SECONDS);
		assertThat(stall).isNotNull();
		assertThat(stall.inProgress()).isFalse();
		assertThat(stall.group()).isEqualTo("redis");
		assertThat(stall.duration()).isGreaterThan(Duration.ofMillis(100));
		assertThat(stall.samples().stack()).anyMatch((line) -> line.contains("ExternalLoopsTests.block"));
		assertThat(this.stalls.stalls()).singleElement().satisfies((each) -> assertThat(each.inProgress()).isFalse());
	}

	@Test
	void whenLoopHasNoThreadShouldNotStartIt() {
		this.loops.add("redis", this.group);
		run(this.loop);
		awaitProbes(5);
		assertThat(this.monitor.snapshot().loops()).filteredOn((loop) -> loop.state() == LoopState.NOT_STARTED)
			.singleElement()
			.satisfies((loop) -> assertThat(loop.name()).isEqualTo("redis-2"));
		assertThat(this.group.next().inEventLoop(null)).as("has no thread").isTrue();
	}

	@Test
	void whenBlockedShouldReportStallInProgressWithCulprit() throws Exception {
		this.loops.add("redis", this.group);
		run(this.loop);
		awaitProbes(3);
		long from = System.nanoTime();
		this.loop.execute(this::block);
		long first = awaitBusy(Duration.ofMillis(400));
		assertThat(first).isLessThanOrEqualTo(System.nanoTime() - from);
		assertThat(started().state()).isEqualTo(LoopState.STALLED);
		assertThat(started().lag().maxNanos()).isGreaterThanOrEqualTo(first);
		assertThat(this.stalls.stalls()).filteredOn(Stall::inProgress).singleElement().satisfies((stall) -> {
			assertThat(stall.code().culprit()).isNotNull();
			assertThat(stall.code().culprit().methodName()).isEqualTo("block");
		});
		long second = awaitBusy(Duration.ofMillis(700));
		assertThat(second).isGreaterThan(first);
		this.release.countDown();
		Stall stall = takeLong();
		long length = System.nanoTime() - from;
		assertThat(stall.loop()).isEqualTo(started().name());
		assertThat(stall.cause()).isEqualTo(StallCause.WAITING);
		assertThat(stall.duration()).isGreaterThanOrEqualTo(Duration.ofNanos(second))
			.isLessThanOrEqualTo(Duration.ofNanos(length));
	}

	@Test
	void durationOfStallShouldBeAccurateToTheProbeInterval() throws Exception {
		this.loops.add("redis", this.group);
		run(this.loop);
		awaitProbes(3);
		// A busy machine may delay the probes of one attempt.
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(this::stallAndCompareDurations);
	}

	private void stallAndCompareDurations() throws InterruptedException {
		AtomicLong length = new AtomicLong();
		this.loop.execute(() -> {
			long from = System.nanoTime();
			spin(Duration.ofMillis(600));
			length.set(System.nanoTime() - from);
		});
		Stall stall = takeLong();
		assertThat(stall.duration()).isBetween(Duration.ofNanos(length.get()).minus(TOLERANCE),
				Duration.ofNanos(length.get()).plus(TOLERANCE));
	}

	@Test
	void whenBlockedBeforeItWasAddedShouldReportStall() throws Exception {
		CountDownLatch blocked = new CountDownLatch(1);
		this.loop.execute(() -> {
			blocked.countDown();
			block();
		});
		assertThat(blocked.await(60, TimeUnit.SECONDS)).isTrue();
		this.loops.add("redis", this.group);
		awaitBusy(Duration.ofMillis(300));
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.stalls.stalls()).filteredOn(Stall::inProgress)
				.singleElement()
				.satisfies((stall) -> assertThat(stall.code().culprit().methodName()).isEqualTo("block")));
	}

	@Test
	void onlyOneProbeShouldBeInFlight() throws Exception {
		this.loops.add("redis", this.group);
		run(this.loop);
		awaitProbes(3);
		this.loop.execute(this::block);
		awaitBusy(Duration.ofSeconds(1));
		assertThat(((SingleThreadEventExecutor) this.loop).pendingTasks()).isOne();
		assertThat(started().load().pendingTasks()).as("without the probe").isZero();
		long probes = completedProbes();
		this.release.countDown();
		awaitProbes(probes + 3);
	}

	/** Each probe would make a graceful shutdown wait for another quiet period. */
	@Test
	void whenShutDownShouldNotDelayItAndRemoveLoops() throws Exception {
		this.loops.add("redis", this.group);
		run(this.loop);
		awaitProbes(3);
		long from = System.nanoTime();
		this.group.shutdownGracefully(1, 30, TimeUnit.SECONDS).sync();
		assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(10));
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.monitor.snapshot().loops()).isEmpty());
	}

	@Test
	void whenProbeIsRejectedShouldSendAnother() throws Exception {
		AtomicInteger attempts = new AtomicInteger();
		DefaultEventLoop rejecting = new DefaultEventLoop() {

			@Override
			public void execute(Runnable task) {
				boolean probe = Thread.currentThread().getName().equals("eventloop-monitor");
				if (probe && attempts.incrementAndGet() <= 3) {
					throw new RejectedExecutionException("test");
				}
				super.execute(task);
			}

		};
		try {
			run(rejecting);
			this.loops.add("rejecting", rejecting);
			Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> attempts.get() > 5);
			awaitLowLag();
			assertThat(completedProbes()).isPositive();
		}
		finally {
			rejecting.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
		}
	}

	@Test
	void whenClosedShouldSendNoMoreProbes() {
		this.loops.add("redis", this.group);
		run(this.loop);
		awaitProbes(3);
		this.loops.close();
		assertThat(this.monitor.snapshot().loops()).isEmpty();
		assertThat(this.loops.add("redis", this.group)).isFalse();
		assertThat(this.monitor.snapshot().loops()).isEmpty();
	}

	@Test
	void loopsShouldBeAddedOnce() {
		assertThat(this.loops.add("one", this.group)).isTrue();
		assertThat(this.loops.add("other", LoopResources.colocate(this.group))).isFalse();
		assertThat(this.monitor.snapshot().loops()).extracting(LoopSnapshot::group).containsExactly("one", "one");
	}

	@Test
	void monitoredLoopsShouldNotBeAdded() throws Exception {
		EventLoopGroup monitored = new MonitoredEventLoopGroup(1, new LoopThread.Factory("own", true, new AtomicLong()),
				NioIoHandler.newFactory(), Placement.ROUND_ROBIN, new LoopPurpose("own", "own", LoopOwner.APPLICATION));
		try {
			assertThat(this.loops.add("own", monitored)).isFalse();
			assertThat(this.monitor.snapshot().loops()).isEmpty();
		}
		finally {
			monitored.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
		}
	}

	private LoopSnapshot started() {
		return this.monitor.snapshot()
			.loops()
			.stream()
			.filter((loop) -> loop.state() != LoopState.NOT_STARTED)
			.findFirst()
			.orElseThrow();
	}

	private long completedProbes() {
		return this.monitor.snapshot()
			.loops()
			.stream()
			// The name of a loop changes when its thread is found.
			.flatMap((loop) -> this.monitor.loop(loop.name()).stream())
			.mapToLong((loop) -> loop.view().read().iterations())
			.sum();
	}

	private void awaitProbes(long number) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> completedProbes() >= number);
	}

	/** On a busy machine probes also wait for a CPU, but half of them not for long. */
	private void awaitLowLag() {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> started().lag().p50Nanos() < Duration.ofMillis(20).toNanos());
	}

	private long awaitBusy(Duration least) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.ignoreExceptions()
			.until(() -> started().busyNanos() >= least.toNanos());
		return started().busyNanos();
	}

	/** Skip short stalls, which a busy machine may cause. */
	private Stall takeLong() throws InterruptedException {
		Stall stall;
		do {
			stall = this.ended.poll(60, TimeUnit.SECONDS);
			assertThat(stall).isNotNull();
		}
		while (stall.duration().compareTo(Duration.ofMillis(400)) < 0);
		return stall;
	}

	private static void run(EventLoop loop) {
		loop.submit(() -> {
		}).syncUninterruptibly();
	}

	private void block() {
		try {
			this.release.await(60, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void spin(Duration duration) {
		long end = System.nanoTime() + duration.toNanos();
		while (end - System.nanoTime() > 0) {
			Thread.onSpinWait();
		}
	}

	/** Event loop of which one method fails on the monitor thread. */
	private static final class BrokenLoop extends DefaultEventLoop {

		private final String method;

		BrokenLoop(String method) {
			super(new DefaultThreadFactory("broken", true));
			this.method = method;
		}

		private void fail(String called) {
			if (called.equals(this.method) && Thread.currentThread().getName().equals("eventloop-monitor")) {
				throw new IncompatibleClassChangeError("expected by the test");
			}
		}

		@Override
		public boolean isShuttingDown() {
			fail("isShuttingDown");
			return super.isShuttingDown();
		}

		@Override
		public boolean inEventLoop(Thread thread) {
			fail("inEventLoop");
			return super.inEventLoop(thread);
		}

		@Override
		public void execute(Runnable task) {
			fail("execute");
			super.execute(task);
		}

		@Override
		public boolean isTerminated() {
			fail("isTerminated");
			return super.isTerminated();
		}

	}

}
