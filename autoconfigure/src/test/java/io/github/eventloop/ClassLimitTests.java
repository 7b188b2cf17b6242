package io.github.eventloop;

import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClassLimit}.
 */
class ClassLimitTests {

	private static volatile CountDownLatch released = new CountDownLatch(0);

	private final List<String> ended = new CopyOnWriteArrayList<>();

	private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);

	ClassLimitTests() {
		this.timer.setRemoveOnCancelPolicy(true);
	}

	@AfterEach
	void stopTimer() {
		this.timer.shutdownNow();
	}

	@Test
	void shouldBeRegistered() {
		assertThat(ServiceLoader.load(TestExecutionListener.class)).hasAtLeastOneElementOfType(ClassLimit.class);
	}

	@ParameterizedTest
	@ValueSource(classes = { HangsBefore.class, HangsInTest.class, HangsAfter.class })
	void whenClassHangsShouldEndIt(Class<?> type) {
		released = new CountDownLatch(1);
		run(type, new ClassLimit(Duration.ofMillis(1), (name) -> {
			this.ended.add(name);
			released.countDown();
		}, this.timer));
		assertThat(this.ended).containsExactly(type.getName());
	}

	@ParameterizedTest
	@ValueSource(classes = { HangsBefore.class, HangsInTest.class, HangsAfter.class })
	void whenClassHasEndedShouldForgetIt(Class<?> type) {
		run(type, new ClassLimit(Duration.ofMinutes(1), this.ended::add, this.timer));
		assertThat(this.timer.getQueue()).isEmpty();
	}

	private static void run(Class<?> type, ClassLimit limit) {
		LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
			.selectors(DiscoverySelectors.selectClass(type))
			.build();
		LauncherFactory
			.create(LauncherConfig.builder()
				.enableTestExecutionListenerAutoRegistration(false)
				.addTestExecutionListeners(limit)
				.build())
			.execute(request);
	}

	/** As code does that no timeout of JUnit can interrupt. */
	private static void hang() {
		boolean done = false;
		while (!done) {
			try {
				released.await();
				done = true;
			}
			catch (InterruptedException ex) {
				// Goes on waiting.
			}
		}
	}

	static class HangsBefore {

		@BeforeAll
		static void before() {
			hang();
		}

		@Test
		void test() {
		}

	}

	static class HangsInTest {

		@Test
		void test() {
			hang();
		}

	}

	static class HangsAfter {

		@Test
		void test() {
		}

		@AfterAll
		static void after() {
			hang();
		}

	}

}
