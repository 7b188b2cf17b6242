package io.github.eventloop.stall;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.MonitoredLoopResources;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StallWatch} on real loops.
 */
class StallWatchTests {

	private final MonitoredLoopResources resources = MonitoredLoopResources.create("test", 1, 2, true);

	private final EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);

	private final StallWatch watch = new StallWatch(this.monitor, new StackReader(List.of("io.github.eventloop.stall")),
			StallSettings.DEFAULT);

	@BeforeEach
	void start() {
		this.resources.onServer(true).next().execute(() -> {
		});
		this.monitor.watch(this.resources);
		this.watch.start();
		this.monitor.start();
	}

	@AfterEach
	void stop() {
		this.watch.close();
		this.monitor.close();
		this.resources.dispose();
	}

	@Test
	void whenLoopSleepsShouldNameTheLine() {
		MonitoredLoop loop = this.resources.loops().get(0);
		loop.execute(() -> sleep(300));
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.until(() -> this.watch.stalls().stream().anyMatch((stall) -> !stall.inProgress()));
		System.out.println(this.watch.stalls());
		assertThat(this.watch.stalls()).hasSize(1);
	}

	private static void sleep(long millis) {
		try {
			TimeUnit.MILLISECONDS.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
