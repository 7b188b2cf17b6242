package io.github.eventloop.faults;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;

import io.github.eventloop.monitor.internal.thread.Notifier;
import io.github.eventloop.stall.EventLoopStallEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that an application whose listeners block or throw is monitored as before.
 */
@ExtendWith(OutputCaptureExtension.class)
class ListenerFaultTests {

	@Test
	void whenListenerBlocksShouldContinueMeasuringLoggingAndCounting(CapturedOutput output) {
		try (ConfigurableApplicationContext context = FaultyApplication.run(List.of(Blocking.class))) {
			Blocking blocking = context.getBean(Blocking.class);
			Client client = Client.of(context);
			client.get("/sleep/200");
			await(() -> assertThat(blocking.calls).hasValue(1));
			client.get("/spin/300");
			long second = client.newestSecond();
			await(() -> assertThat(client.newestSecond()).isGreaterThan(second + 1500));
			assertThat(client.stalls()).hasSizeGreaterThanOrEqualTo(2);
			await(() -> assertThat(stalls(context)).isGreaterThanOrEqualTo(2));
			await(() -> assertThat(output).contains(" was blocked for "));
			assertThat(blocking.calls).hasValue(1);
			blocking.released.countDown();
			await(() -> assertThat(blocking.calls).hasValueGreaterThanOrEqualTo(2));
		}
	}

	@Test
	void whenListenerThrowsShouldNotifyItAgain(CapturedOutput output) {
		try (ConfigurableApplicationContext context = FaultyApplication.run(List.of(Throwing.class))) {
			Throwing throwing = context.getBean(Throwing.class);
			Client client = Client.of(context);
			for (int i = 1; i <= 3; i++) {
				client.get("/sleep/200");
				int times = i;
				await(() -> assertThat(throwing.calls).hasValueGreaterThanOrEqualTo(times));
			}
			await(() -> assertThat(stalls(context)).isGreaterThanOrEqualTo(3));
			assertThat(client.stalls()).hasSizeGreaterThanOrEqualTo(3);
			assertThat(output).contains("Event loop listener threw an exception")
				.doesNotContain("Event loop monitor caught a failure");
		}
	}

	@Test
	void whenNotificationBlocksShouldReturnAtOnceAndKeepTheNewest() throws InterruptedException {
		CountDownLatch released = new CountDownLatch(1);
		AtomicInteger last = new AtomicInteger();
		AtomicInteger calls = new AtomicInteger();
		try (Notifier notifier = new Notifier("eventloop-test", 16)) {
			notifier.announce(() -> awaitUninterruptibly(released));
			for (int i = 1; i <= 100_000; i++) {
				int number = i;
				notifier.announce(() -> {
					calls.incrementAndGet();
					last.set(number);
				});
			}
			released.countDown();
			await(() -> assertThat(last).hasValue(100_000));
			assertThat(calls).hasValueLessThanOrEqualTo(17);
		}
	}

	private static long stalls(ConfigurableApplicationContext context) {
		return context.getBean(MeterRegistry.class)
			.find("eventloop.stalls")
			.timers()
			.stream()
			.mapToLong(Timer::count)
			.sum();
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await(60, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			// The context has been closed.
		}
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(assertion);
	}

	static class Blocking {

		private final AtomicInteger calls = new AtomicInteger();

		private final CountDownLatch released = new CountDownLatch(1);

		@EventListener
		void onStall(EventLoopStallEvent event) {
			this.calls.incrementAndGet();
			awaitUninterruptibly(this.released);
		}

	}

	static class Throwing {

		private final AtomicInteger calls = new AtomicInteger();

		@EventListener
		void onStall(EventLoopStallEvent event) {
			this.calls.incrementAndGet();
			throw new StackOverflowError("expected by the test");
		}

	}

}
