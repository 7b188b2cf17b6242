package io.github.eventloop.faults;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.MonitoredLoop;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the monitor thread survives all failures, and continues with the next
 * second.
 */
class MonitorThreadFaultTests {

	private static final List<Throwable> FAILURES = List.of(new IllegalStateException("expected by the test"),
			new StackOverflowError("expected by the test"), new NoClassDefFoundError("expected by the test"),
			new OutOfMemoryError("expected by the test"), new AssertionError("expected by the test"));

	@Test
	void whenPollFailsShouldLogItOnceAndRecover() {
		AtomicInteger calls = new AtomicInteger();
		List<String> lines = new CopyOnWriteArrayList<>();
		Logger logger = Logger.getLogger(EventLoopMonitor.class.getName());
		Handler handler = new Lines(lines);
		logger.addHandler(handler);
		try (EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT)) {
			monitor.addSource(() -> fail(calls.getAndIncrement()));
			monitor.start();
			await(() -> calls.get() > FAILURES.size() && monitor.history().epochMillis().length > 0);
			await(() -> !lines.isEmpty());
			assertThat(lines).singleElement().asString().startsWith("Event loop monitor caught a failure");
		}
		finally {
			logger.removeHandler(handler);
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

	/** Collects log messages. */
	private static final class Lines extends Handler {

		private final List<String> lines;

		Lines(List<String> lines) {
			this.lines = lines;
		}

		@Override
		public void publish(LogRecord line) {
			this.lines.add(line.getMessage());
		}

		@Override
		public void flush() {
		}

		@Override
		public void close() {
		}

	}

}
