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

import io.github.eventloop.monitor.Announcer;
import io.github.eventloop.stall.EventLoopStallEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * That an application whose listeners never return, or throw, is watched as before.
 */
@ExtendWith(OutputCaptureExtension.class)
class ListenerFaultTests {

	@Test
	void whenListenerBlocksShouldGoOnMeasuringLoggingAndCounting(CapturedOutput output) {
		try (ConfigurableApplicationContext context = FaultyApplication.run(List.of(Blocking.class))) {
			Blocking blocking = context.getBean(Blocking.class);
			Client client = Client.of(context);
			client.get("/sleep/200");
			await(() -> assertThat(blocking.told).hasValue(1));
			client.get("/spin/300");
			long second = client.newestSecond();
			await(() -> assertThat(client.newestSecond()).isGreaterThan(second + 1500));
			assertThat(client.stalls()).hasSizeGreaterThanOrEqualTo(2);
			await(() -> assertThat(stalls(context)).isGreaterThanOrEqualTo(2));
			await(() -> assertThat(output).contains(" was blocked for "));
			assertThat(blocking.told).hasValue(1);
			blocking.released.countDown();
			await(() -> assertThat(blocking.told).hasValueGreaterThanOrEqualTo(2));
		}
	}

	@Test
	void whenListenerThrowsShouldTellItAgain(CapturedOutput output) {
		try (ConfigurableApplicationContext context = FaultyApplication.run(List.of(Throwing.class))) {
			Throwing throwing = context.getBean(Throwing.class);
			Client client = Client.of(context);
			for (int i = 1; i <= 3; i++) {
				client.get("/sleep/200");
				int times = i;
				await(() -> assertThat(throwing.told).hasValueGreaterThanOrEqualTo(times));
			}
			await(() -> assertThat(stalls(context)).isGreaterThanOrEqualTo(3));
			assertThat(client.stalls()).hasSizeGreaterThanOrEqualTo(3);
			assertThat(output).contains("Somebody failed to take note").doesNotContain("Event loops are still watched");
		}
	}

	@Test
	void whenSomebodyNeverListensShouldReturnAtOnceAndKeepTheNewest() throws InterruptedException {
		CountDownLatch released = new CountDownLatch(1);
		AtomicInteger last = new AtomicInteger();
		AtomicInteger told = new AtomicInteger();
		try (Announcer announcer = new Announcer("eventloop-test", 16)) {
			announcer.announce(() -> awaitUninterruptibly(released));
			for (int i = 1; i <= 100_000; i++) {
				int number = i;
				announcer.announce(() -> {
					told.incrementAndGet();
					last.set(number);
				});
			}
			released.countDown();
			await(() -> assertThat(last).hasValue(100_000));
			assertThat(told).hasValueLessThanOrEqualTo(17);
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
			// The context is closed.
		}
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(assertion);
	}

	static class Blocking {

		private final AtomicInteger told = new AtomicInteger();

		private final CountDownLatch released = new CountDownLatch(1);

		@EventListener
		void onStall(EventLoopStallEvent event) {
			this.told.incrementAndGet();
			awaitUninterruptibly(this.released);
		}

	}

	static class Throwing {

		private final AtomicInteger told = new AtomicInteger();

		@EventListener
		void onStall(EventLoopStallEvent event) {
			this.told.incrementAndGet();
			throw new StackOverflowError("expected by the test");
		}

	}

}
