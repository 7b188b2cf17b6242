package io.github.eventloop.netty;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.drivers.DriverLoops;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.StallListener;
import io.github.eventloop.stall.StallSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for event loops on virtual threads, with loops of a driver that record what they
 * do, and with external loops.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadLoopsTests {

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private final EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);

	private final StallDetector stalls = new StallDetector(this.monitor,
			new StackReader(List.of("io.github.eventloop.netty")), StallSettings.DEFAULT);

	private final BlockingQueue<Stall> ended = new LinkedBlockingQueue<>();

	private EventLoopGroup group;

	@BeforeEach
	void start() {
		this.stalls.addListener(new StallListener() {

			@Override
			public void onStallEnded(Stall stall) {
				VirtualThreadLoopsTests.this.ended.add(stall);
			}

		});
		this.stalls.start();
		this.monitor.start();
	}

	@AfterEach
	void shutDown() throws Exception {
		this.stalls.close();
		this.monitor.close();
		this.group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void shouldBeMeasuredExceptForTheCpuTime(boolean external) throws Exception {
		startLoop(external);
		assertThat(loop()).satisfies((loop) -> {
			assertThat(loop.virtualThread()).isTrue();
			assertThat(loop.approximate()).isEqualTo(external);
			assertThat(loop.name()).isEqualTo("virtual-1");
		});
		run(() -> sleep(300));
		Awaitility.await()
			.atMost(LIMIT)
			.untilAsserted(() -> assertThat(loop().lag().maxNanos()).isGreaterThan(Duration.ofMillis(150).toNanos()));
		Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertThat(loop().cpuUtilization()).isNull());
		assertThat(loop().totals().stalls()).isPositive();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenItWaitsShouldReportTheLineAndTheCause(boolean external) throws Exception {
		startLoop(external);
		assertThat(stallOf(() -> sleep(1_000))).satisfies((stall) -> {
			assertThat(stall.cause()).isEqualTo(StallCause.SLEEPING);
			assertThat(stall.code().culprit().methodName()).isEqualTo("sleep");
			assertThat(stall.times().cpuNanos()).isZero();
			assertThat(stall.times().starvedNanos()).isLessThan(stall.duration().toNanos() / 2);
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenItComputesShouldReportTheLineWithoutACause(boolean external) throws Exception {
		startLoop(external);
		assertThat(stallOf(() -> spin(1_000))).satisfies((stall) -> {
			assertThat(stall.cause()).isEqualTo(StallCause.UNKNOWN);
			assertThat(stall.code().culprit().methodName()).isEqualTo("spin");
			assertThat(stall.advice()).contains("virtual thread");
			assertThat(stall.times().cpuNanos()).isZero();
		});
	}

	private void startLoop(boolean external) throws Exception {
		if (external) {
			this.group = new MultiThreadIoEventLoopGroup(1, VirtualThread.factory(), NioIoHandler.newFactory());
			new ExternalLoops(this.monitor).add("virtual", this.group);
		}
		else {
			DriverLoops loops = new DriverLoops(true);
			this.group = loops.newGroup("virtual", 1, VirtualThread.factory(), NioSocketChannel.class);
			this.monitor.addSource(loops);
		}
		run(() -> {
		});
		Awaitility.await().atMost(LIMIT).until(() -> loop().state() != LoopState.NOT_STARTED);
	}

	private LoopSnapshot loop() {
		return this.monitor.snapshot().loops().get(0);
	}

	private void run(Runnable task) throws Exception {
		this.group.next().submit(task).sync();
	}

	private Stall stallOf(Runnable task) throws Exception {
		run(task);
		Stall stall = this.ended.poll(60, TimeUnit.SECONDS);
		assertThat(stall).isNotNull();
		return stall;
	}

	private static void sleep(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void spin(long millis) {
		long from = System.nanoTime();
		while (System.nanoTime() - from < millis * 1_000_000) {
			Thread.onSpinWait();
		}
	}

}
