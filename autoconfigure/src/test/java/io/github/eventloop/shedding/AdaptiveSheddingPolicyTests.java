package io.github.eventloop.shedding;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.recorder.LoopRecorder;
import io.github.eventloop.monitor.internal.recorder.ProbeRecorder;
import io.github.eventloop.web.internal.TestLoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link AdaptiveSheddingPolicy}. Its results under load are those of
 * {@code SheddingSimulationTests}.
 */
class AdaptiveSheddingPolicyTests {

	private static final long MILLI = Duration.ofMillis(1).toNanos();

	private final AdaptiveSheddingPolicy policy = new AdaptiveSheddingPolicy(LagSheddingPolicy.DEFAULT,
			(from, to) -> 0);

	private long now;

	private final TestLoop loop = loop();

	@Test
	void whenNotOverloadedShouldShedNothing() {
		for (int i = 0; i < 1000; i++) {
			assertThat(request(this.loop, 1, 190, RequestPriority.LOW)).isZero();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			#  ms |  low | normal | high
			   50 |  0   |  0     |  0
			   80 |  0.4 |  0.2   |  0
			  125 |  1   |  0.5   |  0
			  170 |  1   |  0.8   |  0.6
			  200 |  1   |  1     |  1
			""")
	void whenOverloadedShareShouldGrowWithLagFromLowToHighPriority(long millis, double low, double normal,
			double high) {
		overload(this.loop, 1);
		assertThat(request(this.loop, 1, millis, RequestPriority.LOW)).isCloseTo(low, within(1e-9));
		assertThat(request(this.loop, 1, millis, RequestPriority.NORMAL)).isCloseTo(normal, within(1e-9));
		assertThat(request(this.loop, 1, millis, RequestPriority.HIGH)).isCloseTo(high, within(1e-9));
	}

	@Test
	void whenRequestsTakeLongerThanTheBoundsShouldShedFromTheirServiceTime() {
		for (int i = 0; i < 50; i++) {
			request(this.loop, 300, 0, RequestPriority.NORMAL);
		}
		overload(this.loop, 300);
		assertThat(request(this.loop, 300, 290, RequestPriority.NORMAL)).isZero();
		assertThat(request(this.loop, 300, 450, RequestPriority.NORMAL)).isCloseTo(0.5, within(0.05));
		assertThat(request(this.loop, 300, 600, RequestPriority.NORMAL)).isCloseTo(1, within(1e-6));
	}

	@Test
	void whileBusyShouldLowerTheBounds() {
		overload(this.loop, 1);
		// Five seconds in which half of the requests are shed, and the loop is busy.
		busyFor(5, 125);
		assertThat(request(this.loop, 1, 160, RequestPriority.NORMAL)).isOne();
		assertThat(request(this.loop, 1, 159, RequestPriority.NORMAL)).isLessThan(1);
		busyFor(50, 10);
		assertThat(request(this.loop, 1, 20, RequestPriority.NORMAL)).isOne();
		assertThat(request(this.loop, 1, 5, RequestPriority.NORMAL)).isZero();
	}

	@Test
	void whenAllRequestsCouldBeProcessedShouldEndShedding() {
		overload(this.loop, 1);
		// The first window contains shed requests.
		for (int i = 0; i < 2; i++) {
			assertThat(request(this.loop, 1, 300, RequestPriority.LOW)).isOne();
			idleFor(5);
			for (int j = 0; j < 50; j++) {
				request(this.loop, 1, 0, RequestPriority.NORMAL);
			}
		}
		assertThat(request(this.loop, 1, 300, RequestPriority.LOW)).isZero();
	}

	@Test
	void afterAMinuteShouldEndSheddingAsAnExperiment() {
		overload(this.loop, 1);
		busyFor(55, 125);
		assertThat(request(this.loop, 1, 300, RequestPriority.LOW)).isOne();
		busyFor(10, 125);
		assertThat(request(this.loop, 1, 190, RequestPriority.LOW)).isZero();
		overload(this.loop, 1);
		// The second experiment begins after two minutes.
		busyFor(115, 125);
		assertThat(request(this.loop, 1, 300, RequestPriority.LOW)).isOne();
		busyFor(10, 125);
		assertThat(request(this.loop, 1, 190, RequestPriority.LOW)).isZero();
	}

	@Test
	void loopsShouldBeIndependent() {
		TestLoop other = loop();
		overload(this.loop, 1);
		assertThat(request(other, 1, 300, RequestPriority.LOW)).isZero();
		assertThat(request(this.loop, 1, 300, RequestPriority.LOW)).isOne();
	}

	@Test
	void whenLoopIsRemovedShouldDiscardItsState() {
		overload(this.loop, 1);
		this.policy.onLoops(List.of(this.loop));
		assertThat(request(this.loop, 1, 300, RequestPriority.LOW)).isOne();
		this.policy.onLoops(List.of());
		assertThat(request(this.loop, 1, 300, RequestPriority.LOW)).isZero();
	}

	@ParameterizedTest
	@EnumSource(RequestPriority.class)
	void whenLoopIsMeasuredApproximatelyShouldShedNothing(RequestPriority priority) {
		MonitoredLoop external = mock();
		given(external.view()).willReturn(new ProbeRecorder());
		for (int i = 0; i < 10; i++) {
			this.now += 500 * MILLI;
			assertThat(this.policy.shareToShed(external, Duration.ofMinutes(1).toNanos(), priority)).isZero();
		}
	}

	@Test
	void decisionShouldNotAllocate() {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		overload(this.loop, 1);
		long before = threads.getCurrentThreadAllocatedBytes();
		for (int i = 0; i < 10_000; i++) {
			this.policy.shareToShed(this.loop, 100 * MILLI, RequestPriority.NORMAL);
		}
		// Reading the counter may allocate.
		assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
	}

	private TestLoop loop() {
		TestLoop loop = new TestLoop(new LoopRecorder(() -> this.now), LoopRole.SERVER);
		loop.recorder().started(this.now);
		loop.recorder().waiting(this.now);
		return loop;
	}

	/** Have the loop process requests that have waited for too long. */
	private void overload(TestLoop loop, long serviceMillis) {
		request(loop, serviceMillis, 0, RequestPriority.NORMAL);
		for (int i = 0; i * serviceMillis <= 600; i++) {
			request(loop, serviceMillis, 3500, RequestPriority.NORMAL);
		}
	}

	/** Have the loop process requests until time has passed. */
	private void busyFor(int seconds, long lagMillis) {
		long until = this.now + Duration.ofSeconds(seconds).toNanos();
		while (this.now - until <= 0) {
			request(this.loop, 1, lagMillis, RequestPriority.NORMAL);
		}
	}

	private void idleFor(int seconds) {
		this.now += Duration.ofSeconds(seconds).toNanos();
	}

	/** Return the share for a request with a lag, which then takes some time. */
	private double request(TestLoop loop, long serviceMillis, long lagMillis, RequestPriority priority) {
		loop.recorder().polled(this.now);
		double share = this.policy.shareToShed(loop, lagMillis * MILLI, priority);
		this.now += serviceMillis * MILLI;
		loop.recorder().waiting(this.now);
		return share;
	}

}
