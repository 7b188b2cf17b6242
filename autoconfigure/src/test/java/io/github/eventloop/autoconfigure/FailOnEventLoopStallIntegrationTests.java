package io.github.eventloop.autoconfigure;

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

import io.github.eventloop.junit.FailOnEventLoopStall;

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
						"SLEEPING at io.github.eventloop.autoconfigure.BlockableApplication.block (lambda)(BlockableApplication.java:")
				.hasMessageContaining(" ms on webflux-http-"));
	}

	@SpringBootTest(classes = BlockableApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT,
			properties = { "server.address=127.0.0.1", "spring.reactor.netty.shutdown-quiet-period=0s" })
	@DirtiesContext // Other tests check for leaked threads.
	@FailOnEventLoopStall(thresholdMillis = 500)
	static class Application {

		@Test
		void notStall(@LocalServerPort int port) {
			new Visitor(port).loop();
		}

		@Test
		void stall(@LocalServerPort int port) {
			new Visitor(port).block(Duration.ofSeconds(2));
		}

	}

}
