package io.github.eventloop.sample;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that no event loops are leaked when devtools restarts the shop after its class
 * path has changed.
 */
class DevtoolsRestartTests {

	@Test
	void whenRestartedShouldOnlyMonitorTheNewLoops(@TempDir Path logs, @TempDir Path watched) throws IOException {
		try (ForkedShop shop = new ForkedShop(logs.resolve("shop.log"), "-cp", classPath(watched),
				SampleApplication.class.getName(), "--spring.reactor.netty.shutdown-quiet-period=0s",
				"--spring.devtools.livereload.enabled=false", "--spring.devtools.restart.poll-interval=500ms",
				"--spring.devtools.restart.quiet-period=200ms",
				"--management.endpoints.web.exposure.include=health,eventloop,threaddump")) {
			for (int starts = 1; starts <= 3; starts++) {
				Visitor visitor = shop.awaitStart(starts);
				// Drivers start their loops with their first use.
				visitor.get("/offenders/redis?millis=1");
				Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
					List<String> threads = threads(visitor);
					assertThat(threads).containsOnlyOnce("eventloop-monitor");
					assertThat(threads).filteredOn(DevtoolsRestartTests::isLoop)
						.anyMatch((name) -> name.startsWith("reactor-http-"))
						.anyMatch((name) -> name.startsWith("lettuce-"))
						.containsExactlyInAnyOrderElementsOf(startedLoops(visitor));
				});
				Files.writeString(watched.resolve("change.txt"), "restart " + starts);
			}
			assertThat(shop.output()).contains("restartedMain").doesNotContain("Event loop monitor caught a failure");
		}
	}

	private static boolean isLoop(String thread) {
		return thread.matches("(reactor-http|lettuce-\\w+EventLoop)-.*");
	}

	/** Return the class path without the tests, and with a directory that changes. */
	private static String classPath(Path watched) {
		return watched + File.pathSeparator
				+ Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
					.filter((entry) -> !entry.endsWith("test-classes"))
					.collect(Collectors.joining(File.pathSeparator));
	}

	private static List<String> threads(Visitor visitor) {
		return visitor.json("/actuator/threaddump")
			.get("threads")
			.valueStream()
			.map((thread) -> thread.get("threadName").asString())
			.toList();
	}

	private static List<String> startedLoops(Visitor visitor) {
		return visitor.json("/actuator/eventloop")
			.get("loops")
			.valueStream()
			.filter((loop) -> !loop.get("state").asString().equals("NOT_STARTED"))
			.map((loop) -> loop.get("name").asString())
			.toList();
	}

}
