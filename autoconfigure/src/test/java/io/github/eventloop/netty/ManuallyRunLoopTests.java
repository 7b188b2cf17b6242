package io.github.eventloop.netty;

import java.time.Duration;

import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.MonitorSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ExternalLoops} with an event loop that the application runs in a
 * thread of its own, which schedulers of virtual threads do as well.
 */
class ManuallyRunLoopTests {

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private final EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);

	private final ManualIoEventLoop loop = new ManualIoEventLoop(null, NioIoHandler.newFactory());

	private final Thread thread = new Thread(this::run, "manual");

	@AfterEach
	void shutDown() throws InterruptedException {
		this.loop.shutdownGracefully();
		if (this.thread.getState() == Thread.State.NEW) {
			this.thread.start();
		}
		this.thread.join();
		this.monitor.close();
	}

	private void run() {
		this.loop.setOwningThread(Thread.currentThread());
		while (!this.loop.isTerminated()) {
			this.loop.run(Duration.ofMillis(10).toNanos());
		}
	}

	@Test
	void shouldBeMeasuredOnceItIsRun() {
		new ExternalLoops(this.monitor).add("manual", this.loop);
		this.monitor.start();
		assertThat(snapshot().state()).isEqualTo(LoopState.NOT_STARTED);
		this.thread.start();
		Awaitility.await().atMost(LIMIT).until(() -> snapshot().state() != LoopState.NOT_STARTED);
		this.loop.execute(() -> sleep(300));
		Awaitility.await()
			.atMost(LIMIT)
			.untilAsserted(
					() -> assertThat(snapshot().lag().maxNanos()).isGreaterThan(Duration.ofMillis(150).toNanos()));
		assertThat(snapshot().name()).isEqualTo("manual");
		assertThat(snapshot().load().pendingTasks()).as("unknown").isEqualTo(-1);
		assertThat(snapshot().load().channels()).as("unknown").isEqualTo(-1);
	}

	private LoopSnapshot snapshot() {
		return this.monitor.snapshot().loops().get(0);
	}

	private static void sleep(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
