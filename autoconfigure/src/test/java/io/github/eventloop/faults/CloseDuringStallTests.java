package io.github.eventloop.faults;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import io.github.eventloop.monitor.EventLoopMonitor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a context closes promptly and cleanly while one of its loops is stalled.
 */
@ExtendWith(OutputCaptureExtension.class)
class CloseDuringStallTests {

	@Test
	void whenClosedDuringStallShouldClosePromptlyAndLeaveNothing(CapturedOutput output) throws Exception {
		List<String> before = threads().toList();
		ConfigurableApplicationContext context = FaultyApplication.run(List.of());
		CompletableFuture<?> response = stall(context, "/sleep/1500");
		long begin = System.nanoTime();
		context.close();
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
		assertThat(response).succeedsWithin(Duration.ofSeconds(5));
		awaitThreads(before);
		assertThat(output).contains("/sleep/{millis}").doesNotContain("Exception", "ERROR");
	}

	@Test
	@Tag("slow")
	void whenStallOutlastsGracePeriodShouldNotWaitForItsEnd(CapturedOutput output) throws Exception {
		List<String> before = threads().toList();
		ConfigurableApplicationContext context = FaultyApplication.run(List.of(),
				"--spring.lifecycle.timeout-per-shutdown-phase=200ms", "--server.shutdown=immediate");
		EventLoopMonitor monitor = context.getBean(EventLoopMonitor.class);
		stall(context, "/sleep/9000");
		long begin = System.nanoTime();
		context.close();
		// Spring grants Reactor's resources an additional timeout.
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
		assertThat(threads()).doesNotContain("eventloop-monitor");
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> monitor.snapshot().loops().isEmpty());
		awaitThreads(before);
		assertThat(output).doesNotContain("Event loop monitor caught a failure");
	}

	/** Send a request that stalls its loop, and wait until it is stalled. */
	private static CompletableFuture<?> stall(ConfigurableApplicationContext context, String path)
			throws InterruptedException {
		EventLoopMonitor monitor = context.getBean(EventLoopMonitor.class);
		Client.of(context).get("/loop");
		CompletableFuture<?> response = Client.of(context).begin(path);
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(10))
			.until(() -> monitor.snapshot().stallsInProgress() > 0);
		TimeUnit.MILLISECONDS.sleep(50);
		return response;
	}

	private static void awaitThreads(List<String> before) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
	}

	/** Return the names of the threads of the library and of its loops. */
	private static Stream<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.matches("(eventloop|reactor-http)-.*"));
	}

}
