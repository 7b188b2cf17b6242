package io.github.eventloop.faults;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSnapshot;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a handler that runs out of memory affects nothing else.
 */
@ExtendWith(OutputCaptureExtension.class)
class OutOfMemoryTests {

	@ParameterizedTest
	@ValueSource(strings = { "/out-of-memory", "/out-of-memory-later" })
	void whenHandlerRunsOutOfMemoryLoopAndMonitorShouldContinue(String path, CapturedOutput output) {
		try (ConfigurableApplicationContext context = FaultyApplication.run(List.of())) {
			EventLoopMonitor monitor = context.getBean(EventLoopMonitor.class);
			Client client = Client.of(context);
			String loop = client.get("/loop").body();
			for (int i = 0; i < 5; i++) {
				// The response may be missing.
				Client.of(context)
					.begin(path)
					.completeOnTimeout(null, 1, TimeUnit.SECONDS)
					.exceptionally((ex) -> null)
					.join();
			}
			assertThat(client.get("/loop").body()).isEqualTo(loop);
			long second = client.newestSecond();
			Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> client.newestSecond() > second);
			assertThat(monitor.snapshot().loops()).extracting(LoopSnapshot::name).contains(loop);
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(monitor.snapshot().loops())
					.extracting((each) -> each.load().inFlightRequests())
					.containsOnly(0));
			assertThat(output).contains("OutOfMemoryError").doesNotContain("Event loop monitor caught a failure");
		}
	}

}
