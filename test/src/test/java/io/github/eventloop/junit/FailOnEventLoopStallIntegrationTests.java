package io.github.eventloop.junit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@link FailOnEventLoopStall} monitors the loops of a
 * {@code @SpringBootTest}.
 */
class FailOnEventLoopStallIntegrationTests {

	@Test
	void whenApplicationStallsItsLoopShouldFailAndNameTheLine() {
		Events events = EngineTestKit.engine("junit-jupiter")
			.selectors(DiscoverySelectors.selectClass(Application.class))
			.execute()
			.testEvents();
		assertThat(events.succeeded().stream()).extracting((event) -> event.getTestDescriptor().getDisplayName())
			.containsExactly("notStall(int)");
		assertThat(events.failed().stream()).singleElement()
			.satisfies((event) -> assertThat(
					event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow())
				.hasMessageContaining(
						"SLEEPING at io.github.eventloop.junit.SleepingApplication.sleep (lambda)(SleepingApplication.java:")
				.hasMessageContaining(" ms on webflux-http-"));
	}

	@SpringBootTest(classes = SleepingApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT,
			properties = { "server.address=127.0.0.1", "spring.reactor.netty.shutdown-quiet-period=0s" })
	@DirtiesContext // Loops of this application would remain for the tests of other
					// classes.
	@FailOnEventLoopStall(thresholdMillis = 500)
	static class Application {

		// Uses threads of its own, because the loops of Reactor Netty are under test.
		private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

		@Test
		void notStall(@LocalServerPort int port) throws IOException, InterruptedException {
			assertThat(get(port, "/").statusCode()).isEqualTo(200);
		}

		@Test
		void stall(@LocalServerPort int port) throws IOException, InterruptedException {
			assertThat(get(port, "/sleep/2000").body()).isEqualTo("awake");
		}

		private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
			HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
				.timeout(Duration.ofSeconds(60))
				.build();
			return this.client.send(request, BodyHandlers.ofString());
		}

	}

}
