package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.StallDetector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests that blocking handlers on virtual threads are not reported as stalls, and that
 * blocking on a loop is.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsIntegrationTests {

	@Test
	void whenVirtualThreadWaitsShouldNotReportAStallAndWhenLoopWaitsShould() {
		try (ConfigurableApplicationContext context = BlockableApplication.run(List.of(WaitingController.class),
				"spring.threads.virtual.enabled=true")) {
			Visitor visitor = Visitor.of(context);
			StallDetector stalls = context.getBean(StallDetector.class);
			assertThat(visitor.get("/wait").body()).startsWith("VirtualThread[");
			// The machine may stall loops for other reasons.
			assertThat(stalls.stalls()).extracting(Stall::cause).doesNotContain(StallCause.SLEEPING);
			visitor.block(Duration.ofMillis(300));
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(stalls.stalls()).extracting(Stall::loop, Stall::cause)
					.contains(tuple(visitor.loop(), StallCause.SLEEPING)));
		}
	}

	@RestController
	static class WaitingController {

		/** WebFlux treats a handler that does not return a publisher as blocking. */
		@GetMapping("/wait")
		String waitABit() throws InterruptedException {
			Thread.sleep(300);
			return Thread.currentThread().toString();
		}

	}

}
