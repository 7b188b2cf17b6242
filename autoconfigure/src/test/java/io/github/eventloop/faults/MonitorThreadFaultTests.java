package io.github.eventloop.faults;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.thread.LogThread;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the monitor thread survives all failures, and continues with the next
 * second.
 */
@ExtendWith(OutputCaptureExtension.class)
class MonitorThreadFaultTests {

	private static final List<Throwable> FAILURES = List.of(new IllegalStateException("expected by the test"),
			new StackOverflowError("expected by the test"), new NoClassDefFoundError("expected by the test"),
			new OutOfMemoryError("expected by the test"), new AssertionError("expected by the test"));

	@Test
	void whenPollFailsShouldLogItOnceAndRecover(CapturedOutput output) {
		AtomicInteger calls = new AtomicInteger();
		try (EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT)) {
			monitor.addSource(() -> fail(calls.getAndIncrement()));
			monitor.start();
			await(() -> calls.get() > FAILURES.size() && monitor.history().epochMillis().length > 0);
			LogThread.flush();
			assertThat(output).containsOnlyOnce("Event loop monitor caught a failure");
		}
	}

	@Test
	void whenListenerFailsOrInterruptsEverySecondShouldContinue() {
		AtomicInteger seconds = new AtomicInteger();
		try (EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT)) {
			monitor.addListener(new EventLoopListener() {

				@Override
				public void onSecond(EventLoopSecond second) {
					Thread.currentThread().interrupt();
					fail(seconds.getAndIncrement());
				}

			});
			monitor.start();
			await(() -> seconds.get() >= 3 && monitor.history().epochMillis().length >= 3);
		}
	}

	@Test
	void whenListenerBlocksShouldAnswerMeanwhileAndContinue() {
		AtomicInteger seconds = new AtomicInteger();
		try (EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT)) {
			monitor.addListener(new EventLoopListener() {

				@Override
				public void onSecond(EventLoopSecond second) {
					if (seconds.getAndIncrement() == 0) {
						sleep();
					}
				}

			});
			monitor.start();
			await(() -> seconds.get() == 1);
			assertThat(monitor.snapshot().loops()).isEmpty();
			assertThat(monitor.history().epochMillis()).hasSize(1);
			await(() -> seconds.get() >= 3 && monitor.history().epochMillis().length >= 3);
		}
	}

	private static void sleep() {
		try {
			TimeUnit.SECONDS.sleep(2); // the fault
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static List<MonitoredLoop> fail(int call) {
		if (call < FAILURES.size()) {
			Throwable failure = FAILURES.get(call);
			if (failure instanceof Error error) {
				throw error;
			}
			throw (RuntimeException) failure;
		}
		return List.of();
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
	}

}
