package io.github.eventloop.faults;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.nio.NioSelectableChannelIoHandle;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.netty.internal.LiveLoops;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that loops that terminate while others run are removed and not reported as stuck.
 */
class LoopDeathTests {

	private final EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);

	private final MonitoredLoopResources others = MonitoredLoopResources.builder("others").workerCount(1).build();

	@BeforeEach
	void start() throws InterruptedException {
		this.monitor.addSource(this.others);
		this.monitor.start();
		start(this.others);
	}

	@AfterEach
	void close() {
		this.others.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
		this.monitor.close();
	}

	@Test
	void whenThreadOfLoopDiesShouldRemoveLoop() throws Exception {
		MonitoredLoopResources terminating = MonitoredLoopResources.builder("terminating").workerCount(2).build();
		this.monitor.addSource(terminating);
		IoEventLoop loop = (IoEventLoop) terminating.onServer(false).next();
		Pipe pipe = Pipe.open();
		pipe.source().configureBlocking(false);
		loop.register(new FailingHandle(pipe.source())).get(60, TimeUnit.SECONDS).submit(NioIoOps.READ);
		await(() -> assertThat(names()).contains("terminating-nio-1", "terminating-nio-2"));
		pipe.sink().write(ByteBuffer.wrap(new byte[1]));
		assertThat(loop.terminationFuture().await(60, TimeUnit.SECONDS)).isTrue();
		await(() -> assertThat(names()).doesNotContain("terminating-nio-1").contains("others-epoll-1"));
		assertThat(this.monitor.snapshot().stallsInProgress()).isZero();
		assertThat(this.monitor.snapshot().loops()).allMatch((snapshot) -> snapshot.busyNanos() < 1_000_000_000);
		pipe.sink().close();
		pipe.source().close();
		terminating.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
	}

	@Test
	void whenGroupTerminatesDuringStallShouldRemoveItAfterTheStall() throws Exception {
		WeakReference<MonitoredLoopResources> removed = terminateDuringStall();
		await(() -> assertThat(names()).containsExactly("others-epoll-1"));
		EventLoopSnapshot snapshot = this.monitor.snapshot();
		assertThat(snapshot.stallsInProgress()).isZero();
		assertThat(snapshot.stalls()).isEqualTo(1);
		await(() -> assertThat(LiveLoops.loops()).noneMatch((loop) -> loop.group().equals("terminating")));
		await(() -> {
			System.gc();
			assertThat(removed.refersTo(null)).isTrue();
		});
	}

	@Test
	void whenLoopIsQuiescingBeforeShutdownShouldNotReportStalls() throws Exception {
		MonitoredLoopResources terminating = MonitoredLoopResources.builder("terminating").workerCount(1).build();
		this.monitor.addSource(terminating);
		start(terminating);
		assertThat(names()).as("known before it stalls").contains("terminating-epoll-1");
		EventLoop loop = terminating.onServer(true).next();
		Mono<Void> end = terminating.disposeLater(Duration.ofMillis(600), Duration.ofSeconds(5)).cache();
		end.subscribe();
		loop.submit(() -> awaitUninterruptibly(new CountDownLatch(1), 250)).await(60, TimeUnit.SECONDS);
		end.block();
		await(() -> assertThat(names()).containsExactly("others-epoll-1"));
		assertThat(this.monitor.snapshot().stalls()).as("only the stall of the late task").isEqualTo(1);
	}

	private WeakReference<MonitoredLoopResources> terminateDuringStall() throws InterruptedException {
		MonitoredLoopResources terminating = MonitoredLoopResources.builder("terminating").workerCount(1).build();
		this.monitor.addSource(terminating);
		start(terminating);
		CountDownLatch released = new CountDownLatch(1);
		terminating.onServer(true).execute(() -> awaitUninterruptibly(released, 20_000));
		await(() -> assertThat(this.monitor.snapshot().stallsInProgress()).isEqualTo(1));
		terminating.dispose();
		assertThat(names()).contains("terminating-epoll-1");
		released.countDown();
		return new WeakReference<>(terminating);
	}

	private static void awaitUninterruptibly(CountDownLatch latch, long millis) {
		try {
			latch.await(millis, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void start(MonitoredLoopResources resources) throws InterruptedException {
		resources.onServer(true).submit(() -> {
		}).await(60, TimeUnit.SECONDS);
	}

	private List<String> names() {
		return this.monitor.snapshot().loops().stream().map(LoopSnapshot::name).toList();
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(assertion);
	}

	/**
	 * Terminates its loop: Netty catches exceptions of channel handlers, but not this
	 * one.
	 */
	private static final class FailingHandle extends NioSelectableChannelIoHandle<Pipe.SourceChannel> {

		FailingHandle(Pipe.SourceChannel channel) {
			super(channel);
		}

		@Override
		protected void handle(Pipe.SourceChannel channel, SelectionKey key) {
			throw new OutOfMemoryError("expected by the test");
		}

	}

}
