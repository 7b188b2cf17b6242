package io.github.eventloop.monitor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.monitor.internal.lag.LagDistribution;
import io.github.eventloop.monitor.internal.thread.ThreadCpuClock;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for external loops in an {@link EventLoopMonitor}, which are measured
 * approximately, by probes.
 */
class ApproximateLoopTests {

	private static final Duration INTERVAL = Duration.ofMillis(100);

	private final ManualMonitor time = new ManualMonitor();

	private final ManualLoop loop = this.time.addLoop("driver", "driver-1").approximate();

	@Test
	void whenNeverProbedShouldNotHaveStarted() {
		assertThat(only().state()).isEqualTo(LoopState.NOT_STARTED);
		assertThat(only().approximate()).isTrue();
	}

	@Test
	void whenProbesRunAtOnceShouldHaveNoLagAndNoOtherFigures() {
		for (int i = 0; i < 20; i++) {
			probe(Duration.ofMillis(1).minusNanos(1));
		}
		LoopSnapshot snapshot = only();
		assertThat(snapshot.lag()).isEqualTo(Lag.NONE);
		assertThat(snapshot.state()).isEqualTo(LoopState.IDLE);
		assertThat(snapshot.utilization()).isZero();
		assertThat(snapshot.totals().ioNanos() + snapshot.totals().taskNanos() + snapshot.totals().idleNanos())
			.isZero();
		assertThat(snapshot.totals().iterations()).isZero();
	}

	/** CPU time from before the first probe does not belong to this second. */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whenThreadHasUsedCpuBeforeItIsFoundShouldNotCountIt(boolean pollFirst) {
		ThreadCpuClock clock = new ThreadCpuClock();
		while (clock.nanosOf(Thread.currentThread()) < Duration.ofMillis(800).toNanos()) {
			Thread.onSpinWait();
		}
		this.time.monitor().poll();
		probe(Duration.ZERO);
		if (pollFirst) {
			this.time.monitor().poll();
		}
		this.time.pass(Duration.ofSeconds(1));
		this.time.endSecond();
		this.time.pass(Duration.ofSeconds(1));
		this.time.endSecond();
		assertThat(only().cpuUtilization()).isLessThan(0.2);
		for (float share : this.time.monitor().history().loops().get(0).cpuUtilization()) {
			assertThat(share).isLessThan(0.3f);
		}
	}

	@Test
	void whenProbeIsInFlightShouldBeStuckForAsLong() {
		probe(Duration.ZERO);
		this.loop.probeSent();
		this.time.pass(Duration.ofSeconds(3));
		assertThat(only().state()).isEqualTo(LoopState.STALLED);
		assertThat(only().busyNanos()).isEqualTo(Duration.ofSeconds(3).toNanos());
		assertThat(only().lag().maxNanos()).isEqualTo(Duration.ofSeconds(3).toNanos());
		assertThat(this.time.monitor().snapshot().lag().p50Nanos()).isGreaterThan(Duration.ofSeconds(1).toNanos());
		this.time.pass(Duration.ofSeconds(60));
		assertThat(only().busyNanos()).isEqualTo(Duration.ofSeconds(63).toNanos());
		this.loop.probeCompleted();
		assertThat(only().state()).isEqualTo(LoopState.IDLE);
		assertThat(only().totals().stalls()).isOne();
	}

	@Test
	void whenProbeIsRejectedShouldBeIdle() {
		this.loop.probeSent();
		this.loop.probeRejected();
		this.time.pass(Duration.ofSeconds(3));
		assertThat(only().state()).isEqualTo(LoopState.IDLE);
		assertThat(only().lag()).isEqualTo(Lag.NONE);
	}

	/** Most of the time no probe is in flight, which has to be compensated for. */
	@Test
	void whenOnlySomeWaitsAreProbedShouldEstimateTheLagOfAll() {
		Random random = new Random(7);
		List<Duration> lengths = List.of(Duration.ofMillis(20), Duration.ofMillis(20), Duration.ofMillis(20),
				Duration.ofMillis(60), Duration.ofMillis(150), Duration.ofMillis(450));
		EventLoopMonitor monitor = this.time.another(new MonitorSettings(Duration.ofMinutes(10), Duration.ofMinutes(10),
				MonitorSettings.DEFAULT.stallThreshold()));
		List<Long> busy = new ArrayList<>();
		long from = this.time.now();
		long endOfSecond = from + 1_000_000_000;
		long nextProbe = from;
		while (this.time.now() - from < Duration.ofMinutes(9).toNanos()) {
			long begin = this.time.now();
			long length = lengths.get(random.nextInt(lengths.size())).toNanos();
			long idle = random.nextLong(Duration.ofMillis(300).toNanos());
			busy.add(length);
			// Probes that are sent while the loop is busy wait, others do not.
			while (nextProbe - begin < length + idle) {
				this.time.pass(Duration.ofNanos(nextProbe - this.time.now()));
				this.loop.probeSent();
				if (nextProbe - begin < length) {
					this.time.pass(Duration.ofNanos(begin + length - nextProbe));
				}
				this.loop.probeCompleted();
				nextProbe += INTERVAL.toNanos() * ((this.time.now() - nextProbe) / INTERVAL.toNanos() + 1);
			}
			this.time.pass(Duration.ofNanos(begin + length + idle - this.time.now()));
			while (this.time.now() - endOfSecond >= 0) {
				monitor.endSecond();
				endOfSecond = this.time.now() + 1_000_000_000;
			}
		}
		LagDistribution truth = new LagDistribution();
		busy.forEach((length) -> truth.add(0, length, 1));
		truth.addWindow(this.time.now() - from, 1);
		Lag estimate = monitor.snapshot().loops().get(0).lag();
		Lag lag = truth.toLag();
		assertThat(estimate.meanNanos()).isCloseTo(lag.meanNanos(), Percentage.withPercentage(10));
		assertThat(estimate.p90Nanos()).isCloseTo(lag.p90Nanos(), Percentage.withPercentage(10));
		assertThat(estimate.p99Nanos()).isCloseTo(lag.p99Nanos(), Percentage.withPercentage(10));
		assertThat(estimate.maxNanos()).isBetween(lag.maxNanos() * 9 / 10, lag.maxNanos() * 101 / 100);
	}

	@Test
	void virtualArrivalsShouldHaveTheirRate() {
		List<EventLoopSecond> seconds = new ArrayList<>();
		this.time.monitor().addListener(new EventLoopListener() {

			@Override
			public void onSecond(EventLoopSecond second) {
				seconds.add(second);
			}

		});
		for (int second = 0; second < 5; second++) {
			for (int i = 0; i < 10; i++) {
				probe(Duration.ofMillis((i < 3) ? 30 : 0));
			}
			this.time.endSecond();
		}
		assertThat(seconds).hasSize(5).allSatisfy((second) -> {
			LoopSecond loop = second.loops().get(0);
			assertThat(loop.arrivals()).isBetween(99, 101);
			long late = 0;
			for (int i = 0; i < loop.arrivals(); i++) {
				late += (loop.arrivalLagNanos(i) > 0) ? 1 : 0;
			}
			assertThat(late).isBetween(25L, 40L);
		});
	}

	/** A loop without a probe in flight is paused for as long as all others. */
	@Test
	void whenProcessPausesBetweenTwoProbesShouldCountPauseAsLag() {
		probe(Duration.ZERO);
		this.time.pause(Duration.ofMillis(80));
		probe(Duration.ZERO);
		this.time.endSecond();
		assertThat((double) only().lag().maxNanos()).isCloseTo(80e6, Percentage.withPercentage(1));
		assertThat((double) only().lag().meanNanos()).isCloseTo(80e6 * 80e6 / 2 / 280e6, Percentage.withPercentage(3));
	}

	@Test
	void utilizationOfAllShouldIgnoreExternalLoops() {
		ManualLoop own = this.time.addLoop("own", "own-1").start();
		this.time.monitor().snapshot();
		EventLoopSnapshot before = this.time.monitor().snapshot();
		for (int i = 0; i < 10; i++) {
			this.loop.probeSent();
			own.iteration(Duration.ofMillis(50));
			this.loop.probeCompleted();
			this.time.pass(Duration.ofMillis(50));
		}
		this.time.endSecond();
		EventLoopSnapshot after = this.time.monitor().snapshot();
		assertThat(after.utilization()).isCloseTo(0.5, Percentage.withPercentage(1));
		assertThat(after.since(before).utilization()).isCloseTo(0.5, Percentage.withPercentage(1));
		assertThat(this.time.monitor().history().utilization())
			.satisfies((shares) -> assertThat((double) shares[0]).isCloseTo(0.5, Percentage.withPercentage(1)));
		assertThat(this.time.monitor().history().loops()).extracting(EventLoopHistory.Loop::approximate)
			.containsExactly(true, false);
	}

	@Test
	void whenChannelsAreUnknownShouldCountAsOneInTheLag() {
		this.loop.carrying(-1);
		this.time.addLoop("own", "own-1").start().carrying(1);
		this.loop.probeSent();
		this.time.pass(Duration.ofSeconds(1));
		// Half of the events are on this loop, and all of them wait.
		Lag lag = this.time.monitor().snapshot().lag();
		assertThat((double) lag.meanNanos()).isCloseTo(250e6, Percentage.withPercentage(1));
		assertThat(only().load().channels()).isEqualTo(-1);
	}

	/** Send a probe that runs after some time, and let the rest of the interval pass. */
	private void probe(Duration wait) {
		this.loop.probeSent();
		this.time.pass(wait);
		this.loop.probeCompleted();
		this.time.pass(INTERVAL.minus(wait));
	}

	private LoopSnapshot only() {
		return this.time.monitor().snapshot().loop("driver-1").orElseThrow();
	}

}
