package io.github.eventloop.stall;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.internal.recorder.LoopRecorder;
import io.github.eventloop.monitor.internal.recorder.MonitoredThread;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ExhaustedPools} in the advice on stalls.
 */
class ExhaustedPoolsTests {

	private static final String POOL = "orders (2 of 2 connections in use, 1 waiting)";

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	@Test
	void whenLoopWaitsShouldNameExhaustedPools() {
		try (StallRig rig = new StallRig(1, () -> List.of(POOL, "bills (9 of 9 connections in use)"))) {
			Stall stall = rig.stall(ExhaustedPoolsTests::await);
			assertThat(stall.cause()).isEqualTo(StallCause.WAITING);
			assertThat(stall.advice()).startsWith("Continue when the result is there")
				.endsWith(" Exhausted pools: " + POOL + ", bills (9 of 9 connections in use).");
		}
	}

	@Test
	void whenPoolIsExhaustedLaterShouldNameIt() {
		AtomicInteger calls = new AtomicInteger();
		try (StallRig rig = new StallRig(1, () -> (calls.incrementAndGet() < 3) ? List.of() : List.of(POOL))) {
			assertThat(rig.stall(ExhaustedPoolsTests::await).advice()).contains(POOL);
			assertThat(calls).hasValue(3);
		}
	}

	@Test
	void whenLoopDoesNotWaitShouldNotQueryPools() {
		AtomicInteger calls = new AtomicInteger();
		try (StallRig rig = new StallRig(1, () -> {
			calls.incrementAndGet();
			return List.of(POOL);
		})) {
			Provocation.SPIN.provoke(rig.loop(), 300);
			assertThat(rig.takeEnded().advice()).doesNotContain(POOL);
		}
		assertThat(calls).hasValue(0);
	}

	@Test
	void whenPoolsFailShouldReportStallWithoutThem() {
		try (StallRig rig = new StallRig(1, () -> {
			throw new IllegalStateException("test");
		})) {
			assertThat(rig.stall(ExhaustedPoolsTests::await).advice()).startsWith("Continue when the result is there");
		}
	}

	@Test
	void whenPoolsBlockShouldTraceStallNevertheless() {
		CountDownLatch queried = new CountDownLatch(1);
		CountDownLatch traced = new CountDownLatch(1);
		List<String> traces = new CopyOnWriteArrayList<>();
		ExhaustedPools blocking = () -> {
			queried.countDown();
			await(traced);
			return List.of(POOL);
		};
		ExecutingRequest request = new TracedRequest((description) -> {
			await(queried);
			traces.add(description);
			traced.countDown();
		});
		try (StallRig rig = new StallRig(1, blocking)) {
			Stall stall = rig.stall(() -> {
				LoopRecorder recorder = ((MonitoredThread) Thread.currentThread()).recorder();
				recorder.execute(request);
				await(traced);
				recorder.execute(null);
			});
			assertThat(traces).hasSize(1);
			assertThat(stall.duration()).isLessThan(TIMEOUT);
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Wait for long enough to be sampled many times. */
	private static void await() {
		try {
			new CountDownLatch(1).await(Duration.ofSeconds(2).toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private record TracedRequest(Consumer<String> trace) implements ExecutingRequest {

		@Override
		public @Nullable String route() {
			return null;
		}

		@Override
		public @Nullable String traceId() {
			return null;
		}

		@Override
		public void stalled(String description) {
			this.trace.accept(description);
		}

	}

}
