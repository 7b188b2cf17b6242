package io.github.eventloop.monitor.internal.recorder;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

import com.sun.management.ThreadMXBean;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.LongIteration;
import io.github.eventloop.monitor.LoopReading;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for individual iterations in a {@link LoopRecorder}. Its counters are tested with
 * {@link EventLoopMonitor}.
 */
class LoopRecorderTests {

	private final AtomicLong clock = new AtomicLong(1_000);

	private final LoopRecorder recorder = new LoopRecorder(this.clock::get);

	@Test
	void iterationShouldAllocateNothing() {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		this.recorder.recordIterationsLongerThan(100);
		start();
		iterations();
		long before = threads.getCurrentThreadAllocatedBytes();
		iterations();
		assertThat(threads.getCurrentThreadAllocatedBytes() - before).isZero();
		assertThat(this.recorder.longIterationCount()).isEqualTo(1000);
	}

	/** One of two is longer than the threshold, and each has a request and two tasks. */
	private void iterations() {
		for (int i = 0; i < 1000; i++) {
			this.recorder.polled(pass(6_000));
			this.recorder.requestStarted();
			this.recorder.execute(this.recorder.execute(null));
			this.recorder.requestEnded();
			this.recorder.handled(1);
			this.recorder.taskPhaseStarted(pass(10));
			this.recorder.taskStarted();
			this.recorder.waiting(pass((i % 2 == 0) ? 20 : 200));
		}
	}

	@Test
	void shouldRecordIterationsLongerThanThreshold() {
		this.recorder.recordIterationsLongerThan(100);
		start();
		iteration(100, 3, 2);
		long startedAt = this.clock.get() + 1;
		iteration(101, 5, 4);
		assertThat(this.recorder.longIterationCount()).isEqualTo(1);
		assertThat(this.recorder.longIteration(0)).isEqualTo(new LongIteration(startedAt, startedAt + 101, 5, 4, 101));
	}

	@Test
	void whenIterationWasLongShouldRecordItsIoTime() {
		this.recorder.recordIterationsLongerThan(100);
		start();
		this.recorder.polled(pass(1));
		this.recorder.taskPhaseStarted(pass(70));
		this.recorder.polled(pass(80));
		assertThat(this.recorder.longIteration(0).ioNanos()).isEqualTo(70);
	}

	@Test
	void whenTwoThresholdsAreSetShouldUseTheLower() {
		this.recorder.recordIterationsLongerThan(100);
		this.recorder.recordIterationsLongerThan(50);
		this.recorder.recordIterationsLongerThan(200);
		start();
		iteration(60, 0, 0);
		assertThat(this.recorder.longIterationCount()).isEqualTo(1);
	}

	@Test
	void whenIterationEndsInPollThatMayNotWaitShouldRecordIt() {
		this.recorder.recordIterationsLongerThan(100);
		start();
		this.recorder.polled(pass(1));
		this.recorder.polled(pass(150));
		assertThat(this.recorder.longIteration(0).nanos()).isEqualTo(150);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 99, 100, 5_000 })
	void whenEndIsAwaitedShouldRecordTheNextIteration(long nanos) {
		this.recorder.recordIterationsLongerThan(100);
		start();
		iteration(70, 1, 1);
		long number = this.recorder.awaitEnd();
		assertThat(this.recorder.awaited(number)).as("has not ended").isNull();
		assertThat(this.recorder.awaitsEnd()).isTrue();
		long startedAt = this.clock.get() + 1;
		iteration(nanos, 3, 2);
		assertThat(this.recorder.awaitsEnd()).isFalse();
		iteration(60, 4, 4);
		assertThat(this.recorder.awaited(number))
			.isEqualTo(new LongIteration(startedAt, startedAt + nanos, 3, 2, nanos));
		assertThat(this.recorder.longIterationCount()).as("long ones").isEqualTo((nanos > 100) ? 1 : 0);
		iteration(101, 0, 0);
		assertThat(this.recorder.longIteration(this.recorder.longIterationCount() - 1).nanos()).isEqualTo(101);
	}

	@Test
	void whenThresholdIsLoweredWhileEndIsAwaitedShouldUseIt() {
		this.recorder.recordIterationsLongerThan(100);
		start();
		long number = this.recorder.awaitEnd();
		this.recorder.recordIterationsLongerThan(50);
		iteration(20, 0, 0);
		iteration(60, 0, 0);
		assertThat(this.recorder.awaited(number).nanos()).isEqualTo(20);
		assertThat(this.recorder.longIteration(0).nanos()).isEqualTo(60);
	}

	@Test
	void whenSeveralReadersAwaitEndsShouldRecordForEach() {
		start();
		long first = this.recorder.awaitEnd();
		long second = this.recorder.awaitEnd();
		iteration(10, 0, 0);
		long third = this.recorder.awaitEnd();
		iteration(20, 0, 0);
		assertThat(this.recorder.awaited(first).nanos()).isEqualTo(10);
		assertThat(this.recorder.awaited(second).nanos()).isEqualTo(10);
		assertThat(this.recorder.awaited(third).nanos()).isEqualTo(20);
	}

	@Test
	void whenAwaitedIterationIsOverwrittenShouldReturnNull() {
		start();
		long first = this.recorder.awaitEnd();
		for (int i = 0; i < 20; i++) {
			this.recorder.awaitEnd();
			iteration(10, 0, 0);
		}
		assertThat(this.recorder.awaited(first)).isNull();
		assertThat(this.recorder.awaited(first + 19).nanos()).isEqualTo(10);
	}

	@Test
	void whenLongIterationIsOverwrittenShouldReturnNull() {
		this.recorder.recordIterationsLongerThan(100);
		start();
		for (int i = 0; i < 40; i++) {
			iteration(101 + i, 0, 0);
		}
		assertThat(this.recorder.longIterationCount()).isEqualTo(40);
		assertThat(this.recorder.longIteration(0)).isNull();
		assertThat(this.recorder.longIteration(8)).as("may be overwritten any time").isNull();
		assertThat(this.recorder.longIteration(9).nanos()).isEqualTo(110);
		assertThat(this.recorder.longIteration(39).nanos()).isEqualTo(140);
	}

	@Test
	void whenLoopSleptLagShouldBeTheAgeOfTheIteration() {
		start();
		iteration(50_000_000, 1, 0);
		this.recorder.polled(pass(20_000_000));
		pass(3_000_000);
		assertThat(this.recorder.lagNanos()).isEqualTo(3_000_000);
	}

	@Test
	void whenPollFoundEventsLagShouldCountHalfOfTheIterationBefore() {
		start();
		this.recorder.polled(pass(1));
		this.recorder.polled(pass(50_000_000));
		pass(3_000_000);
		assertThat(this.recorder.lagNanos()).isEqualTo(28_000_000);
	}

	@Test
	void whenPollWasShortLagShouldCountHalfOfTheIterationBefore() {
		start();
		iteration(50_000_000, 1, 0);
		this.recorder.polled(pass(200_000));
		assertThat(this.recorder.lagNanos()).isEqualTo(25_000_000);
		this.recorder.waiting(pass(100_000));
		// Long compared with that iteration: the loop slept.
		this.recorder.polled(pass(200_000));
		assertThat(this.recorder.lagNanos()).isZero();
	}

	@Test
	void lagAreaDividedByTimeShouldBeTheMeanLag() {
		start();
		LoopReading before = this.recorder.read();
		iteration(400_000_000, 1, 0);
		pass(599_999_999);
		LoopReading after = this.recorder.read();
		double mean = (after.lagArea() - before.lagArea()) / (after.at() - before.at());
		assertThat(mean).isCloseTo(80_000_000, Percentage.withPercentage(0.1));
		this.recorder.polled(pass(1));
		pass(300_000_000);
		// The iteration in progress counts with its age.
		assertThat(this.recorder.read().lagArea() - after.lagArea()).isCloseTo(0.3e9 * 0.3e9 / 2,
				Percentage.withPercentage(0.1));
	}

	@Test
	void tasksAndRequestsShouldCountAsTasksStarted() throws InterruptedException {
		start();
		this.recorder.polled(pass(10));
		this.recorder.taskStarted();
		this.recorder.requestStarted();
		// The same request repeatedly, as with a body that arrives in parts.
		Request request = new Request();
		for (int i = 0; i < 10; i++) {
			this.recorder.execute(request);
		}
		Thread other = new Thread(this.recorder::requestStarted);
		other.start();
		other.join();
		assertThat(this.recorder.iterationTasksStarted()).isEqualTo(2);
		assertThat(this.recorder.inFlightRequests()).isEqualTo(2);
		this.recorder.polled(pass(10));
		assertThat(this.recorder.iterationTasksStarted()).isZero();
	}

	@Test
	void executeShouldReturnThePreviousRequest() {
		Request outer = new Request();
		Request inner = new Request();
		assertThat(this.recorder.execute(outer)).isNull();
		assertThat(this.recorder.execute(inner)).isSameAs(outer);
		assertThat(this.recorder.request()).isSameAs(inner);
		assertThat(this.recorder.execute(null)).isSameAs(inner);
		assertThat(this.recorder.request()).isNull();
	}

	private void start() {
		this.recorder.started(this.clock.get());
		this.recorder.waiting(pass(1));
	}

	private void iteration(long nanos, int events, int tasks) {
		this.recorder.polled(pass(1));
		this.recorder.handled(events);
		for (int i = 0; i < tasks; i++) {
			this.recorder.taskStarted();
		}
		this.recorder.waiting(pass(nanos));
	}

	private long pass(long nanos) {
		return this.clock.addAndGet(nanos);
	}

	private static final class Request implements ExecutingRequest {

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
		}

	}

}
