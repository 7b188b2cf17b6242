package io.github.eventloop.junit;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.opentest4j.AssertionFailedError;

import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.MonitoredLoopResources;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BlockingCallRecorder} with a test class like those of users, which
 * runs once, because a recording takes seconds to start.
 */
class BlockingCallRecorderTests {

	private static MonitoredLoopResources resources;

	private static MonitoredLoop loop;

	/** The results of {@link Blocking}, by the name of the method. */
	private static Map<String, TestExecutionResult> results;

	@BeforeAll
	static void run() {
		resources = MonitoredLoopResources.builder("tested").workerCount(1).build();
		resources.onServer(true);
		loop = resources.loops().get(0);
		onLoop(() -> {
		});
		results = EngineTestKit.engine("junit-jupiter")
			.selectors(DiscoverySelectors.selectClass(Blocking.class))
			.execute()
			.testEvents()
			.finished()
			.stream()
			.collect(Collectors.toMap((event) -> event.getTestDescriptor().getDisplayName(),
					(event) -> event.getRequiredPayload(TestExecutionResult.class)));
	}

	@AfterAll
	static void dispose() {
		resources.dispose();
	}

	@Test
	void whenLoopBlocksShouldFailAndNameTheLine() {
		assertThat(failure("block()")).startsWith("An event loop made a blocking call:\n")
			.containsPattern("SLEEP at io\\.github\\.eventloop\\.junit\\.BlockingCallRecorderTests\\.sleep")
			.contains(" ms on tested-");
	}

	@Test
	void whenNoLoopBlocksShouldPass() {
		assertThat(results.get("behave()").getStatus()).isEqualTo(Status.SUCCESSFUL);
	}

	@Test
	void whenLoopStallsShouldNotReportABlockingCall() {
		assertThat(failure("stall()")).contains("SLEEPING at ").doesNotContain("blocking call");
	}

	private static String failure(String method) {
		Throwable failure = results.get(method).getThrowable().orElseThrow();
		assertThat(failure).isInstanceOf(AssertionFailedError.class);
		return failure.getMessage();
	}

	private static void onLoop(Runnable task) {
		CountDownLatch done = new CountDownLatch(1);
		loop.execute(() -> {
			task.run();
			done.countDown();
		});
		try {
			assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void sleep(long millis) {
		try {
			TimeUnit.MILLISECONDS.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@FailOnEventLoopStall(thresholdMillis = 500, blocking = true)
	static class Blocking {

		@Test
		void behave() {
			onLoop(() -> {
			});
		}

		@Test
		void block() {
			onLoop(() -> sleep(20));
		}

		@Test
		void stall() {
			onLoop(() -> sleep(1500));
		}

	}

}
