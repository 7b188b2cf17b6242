package io.github.eventloop.actuate.internal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EndpointThread}.
 */
class EndpointThreadTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	private final EndpointThread thread = new EndpointThread();

	@AfterEach
	void close() {
		this.thread.close();
	}

	@Test
	void whenQueueIsFullShouldRejectRequestsUntilItIsNot() throws InterruptedException {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch released = new CountDownLatch(1);
		AtomicInteger answered = new AtomicInteger();
		this.thread.answer(() -> {
			started.countDown();
			await(released);
			return "blocked";
		}).subscribe();
		started.await();
		for (int i = 0; i < EndpointThread.MAX_WAITING; i++) {
			this.thread.answer(() -> "waiting").subscribe((answer) -> answered.incrementAndGet());
		}
		StepVerifier.create(this.thread.answer(() -> "rejected")).verifyError(RejectedExecutionException.class);
		released.countDown();
		Awaitility.await().atMost(TIMEOUT).until(() -> answered.get() == EndpointThread.MAX_WAITING);
		assertThat(this.thread.answer(() -> "answered").block(TIMEOUT)).isEqualTo("answered");
	}

	@Test
	void whenClosedShouldRejectRequests() {
		this.thread.close();
		StepVerifier.create(this.thread.answer(() -> "rejected")).verifyError(RejectedExecutionException.class);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
