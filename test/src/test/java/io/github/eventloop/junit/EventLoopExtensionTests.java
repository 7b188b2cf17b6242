package io.github.eventloop.junit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;
import org.opentest4j.AssertionFailedError;
import reactor.netty.http.HttpResources;

import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.MonitoredLoopResources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link EventLoopExtension} with test classes like those of users, on real
 * loops.
 */
class EventLoopExtensionTests {

	private static MonitoredLoopResources resources;

	private static MonitoredLoop loop;

	@BeforeAll
	static void createLoop() {
		resources = MonitoredLoopResources.builder("tested").workerCount(1).build();
		resources.onServer(true);
		loop = resources.loops().get(0);
		onLoop(() -> {
		});
	}

	/** A test may leave the loop stalled, which would affect the next test. */
	@BeforeEach
	void awaitIdleLoop() {
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> loop.view().read().busyNanos() == 0);
	}

	@AfterAll
	static void dispose() {
		resources.dispose();
	}

	@Test
	void whenLoopStallsShouldFailAndNameTheLine() {
		Events events = run(Annotated.class, "stall");
		assertThat(failure(events)).startsWith("An event loop stalled for more than 100 ms:\n")
			.containsPattern("SLEEPING at io\\.github\\.eventloop\\.junit\\.EventLoopExtensionTests\\.sleep"
					+ "\\(EventLoopExtensionTests\\.java:\\d+\\), \\d{4,} ms on tested-")
			.containsPattern("\n      at java\\.lang\\.Thread\\.sleep")
			.contains(
					"\n      at io.github.eventloop.junit.EventLoopExtensionTests.sleep(EventLoopExtensionTests.java:");
	}

	@Test
	void whenNoLoopStallsShouldPass() {
		assertPassed(run(Annotated.class, "behave"));
	}

	@Test
	void whenDisabledForMethodShouldPass() {
		assertPassed(run(Annotated.class, "mayStall"));
	}

	@Test
	void whenMethodHasAnotherThresholdShouldPass() {
		assertPassed(run(Annotated.class, "mayStallForLong"));
	}

	@Test
	void whenTestIsNestedShouldFail() {
		Events events = EngineTestKit.engine("junit-jupiter")
			.selectors(DiscoverySelectors.selectNestedMethod(List.of(Annotated.class), Annotated.Inner.class, "stall"))
			.execute()
			.testEvents();
		assertThat(failure(events)).contains("SLEEPING at ");
	}

	@Test
	void whenLoopOfAnotherGroupStallsShouldFail() {
		assertThat(failure(run(Annotated.class, "stallAnotherGroup"))).contains(" ms on another-");
	}

	@Test
	void whenGlobalLoopStallsShouldFail() {
		assertThat(failure(run(Annotated.class, "stallGlobalLoop"))).contains(" ms on reactor-http-");
	}

	@Test
	void whenStallIsInProgressAtTheEndShouldFail() {
		assertThat(failure(run(Annotated.class, "leaveStalled"))).contains("WAITING at ")
			.contains(", and has not ended yet.");
	}

	@Test
	void whenStallBeganBeforeShouldPass() {
		assertPassed(run(StalledBefore.class, "behave"));
	}

	@Test
	void whenOnlyTheMethodIsAnnotatedShouldFail() {
		assertThat(failure(run(Plain.class, "stall"))).contains("SLEEPING at ");
	}

	@Test
	void whenNothingIsAnnotatedShouldPass() {
		assertPassed(run(Plain.class, "stallWithoutAnnotation"));
	}

	@Test
	void whenExtendedShouldFail() {
		assertThat(failure(run(Extended.class, "stall"))).contains("SLEEPING at ");
	}

	@Test
	void whenRegisteredShouldUseItsThreshold() {
		assertThat(failure(run(Registered.class, "stallForLonger"))).contains("for more than 500 ms")
			.contains("SLEEPING at ");
		assertPassed(run(Registered.class, "behave"));
	}

	@Test
	void whenTestFailsShouldAddSuppressedFailure() {
		Throwable failure = failures(run(Annotated.class, "stallAndFail")).get(0);
		assertThat(failure).hasMessage("own failure");
		assertThat(failure.getSuppressed()).singleElement()
			.satisfies((suppressed) -> assertThat(suppressed).hasMessageContaining("SLEEPING at "));
	}

	@Test
	void whenThresholdIsInvalidShouldNameTheValidRange() {
		assertThat(failures(run(InvalidThreshold.class, "behave"))).singleElement()
			.isInstanceOfSatisfying(ExtensionConfigurationException.class, (failure) -> assertThat(failure).rootCause()
				.hasMessage("The threshold of a stall must be from 1 to 60000 milliseconds but is 0"));
		assertThatIllegalArgumentException().isThrownBy(() -> EventLoopExtension.withThreshold(Duration.ofMinutes(2)));
	}

	private static Events run(Class<?> testClass, String method) {
		return EngineTestKit.engine("junit-jupiter")
			.selectors(DiscoverySelectors.selectMethod(testClass, method))
			.execute()
			.testEvents();
	}

	private static void assertPassed(Events events) {
		assertThat(failures(events)).isEmpty();
		assertThat(events.succeeded().count()).isOne();
	}

	private static String failure(Events events) {
		Throwable failure = failures(events).get(0);
		assertThat(failure).isInstanceOf(AssertionFailedError.class);
		return failure.getMessage();
	}

	private static List<Throwable> failures(Events events) {
		return events.failed()
			.stream()
			.map((Event event) -> event.getRequiredPayload(TestExecutionResult.class))
			.map((result) -> result.getThrowable().orElseThrow())
			.toList();
	}

	private static void onLoop(Runnable task) {
		onLoop(loop, task);
	}

	private static void onLoop(MonitoredLoop loop, Runnable task) {
		CountDownLatch done = new CountDownLatch(1);
		loop.execute(() -> {
			task.run();
			done.countDown();
		});
		await(done);
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
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

	@FailOnEventLoopStall
	static class Annotated {

		@Test
		void behave() {
			onLoop(() -> {
			});
		}

		@Test
		void stall() {
			onLoop(() -> sleep(1000));
		}

		@Test
		void stallAndFail() {
			onLoop(() -> sleep(1000));
			throw new AssertionError("own failure");
		}

		@Test
		@FailOnEventLoopStall(enabled = false)
		void mayStall() {
			onLoop(() -> sleep(500));
		}

		@Test
		@FailOnEventLoopStall(thresholdMillis = 60_000)
		void mayStallForLong() {
			onLoop(() -> sleep(500));
		}

		@Test
		void stallAnotherGroup() {
			MonitoredLoopResources others = MonitoredLoopResources.builder("another").workerCount(1).build();
			others.onServer(true);
			onLoop(others.loops().get(0), () -> sleep(1000));
			others.dispose();
		}

		@Test
		void stallGlobalLoop() {
			CountDownLatch done = new CountDownLatch(1);
			HttpResources.get().onServer(true).next().execute(() -> {
				sleep(1000);
				done.countDown();
			});
			await(done);
		}

		@Test
		void leaveStalled() {
			CountDownLatch stalled = new CountDownLatch(1);
			loop.execute(() -> {
				stalled.countDown();
				await(new CountDownLatch(1), 2000);
			});
			await(stalled);
			// No event to wait for: the iteration has to exceed the threshold by the end.
			sleep(1000);
		}

		private static void await(CountDownLatch never, long millis) {
			try {
				assertThat(never.await(millis, TimeUnit.MILLISECONDS)).isFalse();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		private static void await(CountDownLatch latch) {
			EventLoopExtensionTests.await(latch);
		}

		@Nested
		class Inner {

			@Test
			void stall() {
				onLoop(() -> sleep(1000));
			}

		}

	}

	@FailOnEventLoopStall
	static class StalledBefore {

		private static final CountDownLatch done = new CountDownLatch(1);

		@BeforeAll
		static void stall() {
			CountDownLatch stalled = new CountDownLatch(1);
			loop.execute(() -> {
				stalled.countDown();
				sleep(1000);
				done.countDown();
			});
			EventLoopExtensionTests.await(stalled);
		}

		@Test
		void behave() {
			EventLoopExtensionTests.await(done);
		}

	}

	static class Plain {

		@Test
		@FailOnEventLoopStall
		void stall() {
			onLoop(() -> sleep(1000));
		}

		@Test
		void stallWithoutAnnotation() {
			onLoop(() -> sleep(500));
		}

	}

	@ExtendWith(EventLoopExtension.class)
	static class Extended {

		@Test
		void stall() {
			onLoop(() -> sleep(1000));
		}

	}

	static class Registered {

		@RegisterExtension
		static final EventLoopExtension loops = EventLoopExtension.withThreshold(Duration.ofMillis(500))
			.inPackages("io.github.eventloop.junit");

		@Test
		void behave() {
			onLoop(() -> sleep(200));
		}

		@Test
		void stallForLonger() {
			onLoop(() -> sleep(1500));
		}

	}

	@FailOnEventLoopStall(thresholdMillis = 0)
	static class InvalidThreshold {

		@Test
		void behave() {
		}

	}

}
