package io.github.eventloop.monitor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.monitor.internal.thread.ThreadCpuClock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link EventLoopMonitor} with a manual clock: every expected value is
 * computed by hand.
 */
class EventLoopMonitorTests {

	/** Half a bucket of the histogram. */
	private static final Percentage BUCKET = Percentage.withPercentage(0.8);

	private final ManualMonitor time = new ManualMonitor();

	private final EventLoopMonitor monitor = this.time.monitor();

	@Test
	void whenThereAreNoLoopsShouldBeEmpty() {
		seconds(2);
		EventLoopSnapshot snapshot = this.monitor.snapshot();
		assertThat(snapshot.loops()).isEmpty();
		assertThat(snapshot.lag()).isEqualTo(Lag.NONE);
		assertThat(snapshot.utilization()).isZero();
		assertThat(snapshot.pause()).isEqualTo(PauseTotals.NONE);
		assertThat(snapshot.longestBusyNanos()).isZero();
	}

	@Test
	void whenLoopWasNeverStartedShouldBeIdle() {
		loop("loop-1");
		seconds(12);
		LoopSnapshot loop = only(this.monitor.snapshot());
		assertThat(loop.state()).isEqualTo(LoopState.NOT_STARTED);
		assertThat(loop.busyNanos()).isZero();
		assertThat(loop.utilization()).isZero();
		assertThat(loop.lag()).isEqualTo(Lag.NONE);
		assertThat(loop.totals().idleNanos()).isZero();
		assertThat(loop.totals().iterations()).isZero();
	}

	@Test
	void whenListenerIsAddedLateShouldNotifyItOfLoopsOnce() {
		loop("loop-1");
		this.monitor.poll();
		List<MonitoredLoop> notified = new ArrayList<>();
		this.monitor.addListener(new EventLoopListener() {

			@Override
			public void onLoops(List<MonitoredLoop> loops) {
				notified.addAll(loops);
			}

		});
		this.monitor.poll();
		this.monitor.poll();
		assertThat(notified).hasSize(1);
	}

	@Test
	void whenTwoSourcesHaveOneLoopShouldMonitorItOnce() {
		ManualLoop loop = loop("loop-1");
		this.monitor.addSource(() -> List.of(loop));
		List<List<MonitoredLoop>> notified = new ArrayList<>();
		this.monitor.addListener(new EventLoopListener() {

			@Override
			public void onLoops(List<MonitoredLoop> loops) {
				notified.add(loops);
			}

		});
		this.monitor.poll();
		this.monitor.poll();
		assertThat(notified).containsExactly(List.of(loop));
		assertThat(this.monitor.snapshot().loops()).hasSize(1);
	}

	@Test
	void whenSourceIsExhaustedShouldNotCallItAgain() {
		AtomicBoolean exhausted = new AtomicBoolean();
		AtomicInteger calls = new AtomicInteger();
		this.monitor.addSource(new LoopSource() {

			@Override
			public List<MonitoredLoop> loops() {
				calls.incrementAndGet();
				return List.of();
			}

			@Override
			public boolean isExhausted() {
				return exhausted.get();
			}

		});
		this.monitor.poll();
		exhausted.set(true);
		this.monitor.poll();
		int before = calls.get();
		assertThat(before).isPositive();
		this.monitor.poll();
		assertThat(calls).hasValue(before);
	}

	@Test
	void loopShouldBeFoundByTheNameInSnapshots() {
		ManualLoop first = loop("loop-1");
		ManualLoop second = loop("loop-1");
		List<String> names = this.monitor.snapshot().loops().stream().map(LoopSnapshot::name).toList();
		assertThat(names).doesNotHaveDuplicates();
		assertThat(this.monitor.loop(names.get(0))).containsSame(first);
		assertThat(this.monitor.loop(names.get(1))).containsSame(second);
		assertThat(this.monitor.loop("loop-7")).isEmpty();
	}

	@Test
	void whenLoopWaitsShouldBeIdle() {
		loop("loop-1").start();
		seconds(12);
		LoopSnapshot loop = only(this.monitor.snapshot());
		assertThat(loop.state()).isEqualTo(LoopState.IDLE);
		assertThat(loop.utilization()).isZero();
		assertThat(loop.lag()).isEqualTo(Lag.NONE);
		assertThat(loop.totals().idleNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(12));
	}

	@Test
	void whenOneSecondStallIsInWindowShouldWeightItByTime() {
		ManualLoop loop = loop("loop-1").start();
		seconds(4);
		loop.iteration(Duration.ofSeconds(1));
		this.monitor.endSecond();
		seconds(5);
		LoopSnapshot snapshot = only(this.monitor.snapshot());
		// P(lag > x) = (1 s - x) / 10 s
		assertThat(snapshot.lag().p50Nanos()).isZero();
		assertThat(millis(snapshot.lag().p99Nanos())).isCloseTo(900, BUCKET);
		assertThat(millis(snapshot.lag().maxNanos())).isCloseTo(1000, BUCKET);
		// The mean of 0..1 s for a tenth of the time
		assertThat(millis(snapshot.lag().meanNanos())).isCloseTo(50, Percentage.withPercentage(1.6));
		assertThat(snapshot.utilization()).isEqualTo(0.1);
		assertThat(snapshot.totals().stalls()).isEqualTo(1);
		assertThat(this.monitor.snapshot().window()).isEqualTo(Duration.ofSeconds(10));
	}

	@Test
	void whenIterationBeganBeforeWindowOnlyItsRemainingPartShouldCount() {
		ManualLoop loop = loop("loop-1").start();
		advance(Duration.ofMillis(700));
		loop.busy();
		advance(Duration.ofMillis(300));
		this.monitor.endSecond();
		advance(Duration.ofMillis(200));
		loop.idle();
		advance(Duration.ofMillis(800));
		this.monitor.endSecond();
		seconds(8);
		// All of it is in the window: P(lag > x) = (500 ms - x) / 10 s
		assertThat(millis(only(this.monitor.snapshot()).lag().p99Nanos())).isCloseTo(400, BUCKET);
		seconds(1);
		LoopSnapshot snapshot = only(this.monitor.snapshot());
		// P(lag > x) = (200 ms - x) / 10 s
		assertThat(snapshot.utilization()).isEqualTo(0.02);
		assertThat(millis(snapshot.lag().p99Nanos())).isCloseTo(100, Percentage.withPercentage(5));
		assertThat(millis(snapshot.lag().maxNanos())).isCloseTo(200, Percentage.withPercentage(3));
		seconds(1);
		assertThat(only(this.monitor.snapshot()).lag()).isEqualTo(Lag.NONE);
	}

	@Test
	void whenOneSecondStallIsInProgressShouldShowItsAge() {
		ManualLoop loop = loop("loop-1").start();
		seconds(4);
		loop.busy();
		advance(Duration.ofMillis(700));
		EventLoopSnapshot all = this.monitor.snapshot();
		LoopSnapshot snapshot = only(all);
		assertThat(snapshot.state()).isEqualTo(LoopState.STALLED);
		assertThat(millis(snapshot.busyNanos())).isEqualTo(700);
		assertThat(millis(snapshot.lag().maxNanos())).isEqualTo(700);
		assertThat(snapshot.utilization()).isEqualTo(0.7 / 4.7);
		assertThat(snapshot.totals().stalls()).isZero();
		assertThat(all.stallsInProgress()).isOne();
		assertThat(millis(all.longestBusyNanos())).isEqualTo(700);
	}

	/** In the second in which it ends, only its remaining part delays events. */
	@ParameterizedTest
	@CsvSource({ "930, 1140, 70, 60", "700, 1310, 10, 0", "400, 1900, 300, 290", "850, 250, 100, 90",
			"10, 2980, 990, 980", "999, 1003, 2, 0", "500, 7777, 277, 267" })
	void whenStallCrossesSecondsShouldCountRemainingPartInTheLast(int beginMillis, int lengthMillis, int restMillis,
			double p99Millis) {
		ManualLoop loop = loop("loop-1").start();
		List<EventLoopSecond> seconds = listen();
		advance(Duration.ofMillis(beginMillis));
		loop.busy();
		advance(Duration.ofMillis(1000 - beginMillis));
		this.monitor.endSecond();
		int whole = (beginMillis + lengthMillis - restMillis) / 1000 - 1;
		seconds(whole);
		advance(Duration.ofMillis(restMillis));
		loop.idle();
		advance(Duration.ofMillis(1000 - restMillis));
		this.monitor.endSecond();
		for (int i = 0; i <= whole; i++) {
			// In progress: counts with its age so far.
			assertThat(millis(seconds.get(i).lag().maxNanos())).isEqualTo((i + 1) * 1000.0 - beginMillis);
		}
		EventLoopSecond last = seconds.get(whole + 1);
		for (Lag lag : List.of(last.lag(), last.loops().get(0).lag())) {
			// P(lag > x) = (rest - x) / 1 s
			assertThat(millis(lag.p50Nanos())).isCloseTo(Math.max(0, restMillis - 500), Offset.offset(8.0));
			assertThat(millis(lag.p90Nanos())).isCloseTo(Math.max(0, restMillis - 100), Offset.offset(8.0));
			assertThat(millis(lag.p99Nanos())).isCloseTo(p99Millis, Offset.offset(8.0));
			assertThat(millis(lag.maxNanos())).isCloseTo(restMillis, BUCKET);
		}
		int column = this.monitor.history().lagP99Nanos().length - 1;
		assertThat(this.monitor.history().lagP99Nanos()[column] / 1e6).isCloseTo(p99Millis, Offset.offset(8.0));
		// The whole of it is in the window: P(lag > x) = (length - x) / window
		double window = this.monitor.snapshot().window().toMillis();
		assertThat(millis(this.monitor.snapshot().lag().p99Nanos())).isCloseTo(Math.max(0, lengthMillis - window / 100),
				Percentage.withPercentage(1));
	}

	/**
	 * The window begins in the middle of the stall: earlier events do not count.
	 */
	@ParameterizedTest
	@CsvSource({ "2200, 6200, 13500, 5400, 10500", "500, 3000, 13000, 500, 10000", "900, 5100, 12000, 4000, 10000",
			"100, 9800, 15250, 4900, 10250", "2999, 1002, 14400, 1, 10400" })
	void whenStallBeganBeforeWindowShouldCountRemainingPart(int begin, int length, int readAt, int rest, int window) {
		ManualLoop loop = loop("loop-1").start();
		for (int millis = 1; millis <= readAt; millis++) {
			advance(Duration.ofMillis(1));
			if (millis == begin) {
				loop.busy();
			}
			if (millis == begin + length) {
				loop.idle();
			}
			if (millis % 1000 == 0) {
				this.monitor.endSecond();
			}
		}
		EventLoopSnapshot snapshot = this.monitor.snapshot();
		assertThat(snapshot.window()).isEqualTo(Duration.ofMillis(window));
		for (Lag lag : List.of(snapshot.lag(), only(snapshot).lag())) {
			// P(lag > x) = (rest - x) / window
			assertThat(millis(lag.meanNanos())).isCloseTo(rest / 2.0 * rest / window, Percentage.withPercentage(1.6));
			assertThat(millis(lag.p90Nanos())).isCloseTo(Math.max(0, rest - 0.1 * window), Offset.offset(0.008 * rest));
			assertThat(millis(lag.p99Nanos())).isCloseTo(Math.max(0, rest - 0.01 * window),
					Offset.offset(0.008 * rest));
			assertThat(millis(lag.maxNanos())).isCloseTo(rest, BUCKET);
		}
	}

	/** The weight of a loop is its share of the channels when events become ready. */
	@Test
	void whenChannelsMoveDuringStallShouldWeightEachPartByItself() {
		ManualLoop stalled = loop("stalled").start().carrying(1);
		ManualLoop other = loop("other").start().carrying(3);
		stalled.busy();
		advance(Duration.ofSeconds(1));
		this.monitor.endSecond();
		stalled.carrying(3);
		other.carrying(0);
		seconds(1);
		stalled.idle();
		this.monitor.endSecond();
		// P(lag > x) = (1/4 * (2 s - max(1 s, x)) + 3/6 * max(0, 1 s - x)) / 2 s: one
		// second at 1 of 4, one at 3 of 6
		assertThat(millis(this.monitor.snapshot().lag().maxNanos())).isCloseTo(2000, BUCKET);
		assertThat(millis(this.monitor.snapshot().lag().p90Nanos())).isCloseTo(1200, Percentage.withPercentage(3));
	}

	@Test
	void whenStallIsLongerThanWindowShouldReportFullAgeUntilItEnds() {
		ManualLoop loop = loop("loop-1").start();
		seconds(3);
		loop.busy();
		seconds(30);
		LoopSnapshot during = only(this.monitor.snapshot());
		assertThat(during.busyNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(30));
		assertThat(during.lag().maxNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(30));
		// P(lag > x) = min(1, (30 s - x) / 10 s)
		assertThat(millis(during.lag().p50Nanos())).isCloseTo(25_000, Percentage.withPercentage(1));
		assertThat(millis(during.lag().p99Nanos())).isCloseTo(29_900, BUCKET);
		assertThat(millis(during.lag().meanNanos())).isCloseTo(25_000, Percentage.withPercentage(1));
		assertThat(during.utilization()).isOne();
		loop.idle();
		seconds(5);
		LoopSnapshot after = only(this.monitor.snapshot());
		assertThat(after.busyNanos()).isZero();
		// Once it has ended, only events of the window count:
		// P(lag > x) = (5 s - x) / 10 s
		assertThat(millis(after.lag().maxNanos())).isCloseTo(5_000, BUCKET);
		assertThat(after.lag().p50Nanos()).isLessThan(50_000_000);
		assertThat(millis(after.lag().p90Nanos())).isCloseTo(4_000, Percentage.withPercentage(1));
		assertThat(millis(after.lag().meanNanos())).isCloseTo(1_250, Percentage.withPercentage(1.6));
		assertThat(after.utilization()).isEqualTo(0.5);
		seconds(10);
		assertThat(only(this.monitor.snapshot()).lag()).isEqualTo(Lag.NONE);
	}

	@Test
	void whenIterationsAreManyAndShortShouldNotCountAsIdle() {
		ManualLoop loop = loop("loop-1").start().busy();
		for (int second = 0; second < 11; second++) {
			for (int i = 0; i < 500; i++) {
				advance(Duration.ofMillis(2));
				loop.busy().events(3);
			}
			this.monitor.endSecond();
		}
		LoopSnapshot snapshot = only(this.monitor.snapshot());
		// P(lag > x) = (2 ms - x) / 2 ms
		assertThat(micros(snapshot.lag().p50Nanos())).isCloseTo(1000, Percentage.withPercentage(1.6));
		assertThat(micros(snapshot.lag().p90Nanos())).isCloseTo(1800, BUCKET);
		assertThat(micros(snapshot.lag().p99Nanos())).isCloseTo(1980, BUCKET);
		assertThat(micros(snapshot.lag().maxNanos())).isCloseTo(2000, BUCKET);
		assertThat(snapshot.utilization()).isOne();
		assertThat(snapshot.totals().events()).isEqualTo(16_500);
		assertThat(snapshot.totals().eventsWaiting()).isEqualTo(16_500);
		assertThat(snapshot.totals().stalls()).isZero();
	}

	@Test
	void whenHalfOfTheTimeIsBusyShouldMixWaitingWithNotWaiting() {
		ManualLoop loop = loop("loop-1").start();
		for (int second = 0; second < 10; second++) {
			for (int i = 0; i < 5; i++) {
				loop.iteration(Duration.ofMillis(100));
				advance(Duration.ofMillis(100));
			}
			this.monitor.endSecond();
		}
		LoopSnapshot snapshot = only(this.monitor.snapshot());
		// P(lag > x) = 50 * (100 ms - x) / 10 s
		assertThat(snapshot.lag().p50Nanos()).isLessThan(1_000_000);
		assertThat(millis(snapshot.lag().p90Nanos())).isCloseTo(80, BUCKET);
		assertThat(millis(snapshot.lag().p99Nanos())).isCloseTo(98, BUCKET);
		assertThat(snapshot.utilization()).isEqualTo(0.5);
	}

	@Test
	void windowShouldReachBackToTheBeginningOfASecond() {
		ManualLoop loop = loop("loop-1").start();
		loop.iteration(Duration.ofSeconds(1));
		this.monitor.endSecond();
		seconds(9);
		assertThat(only(this.monitor.snapshot()).utilization()).isEqualTo(0.1);
		advance(Duration.ofMillis(600));
		assertThat(this.monitor.snapshot().window()).isEqualTo(Duration.ofMillis(10_600));
		assertThat(only(this.monitor.snapshot()).utilization()).isEqualTo(1 / 10.6);
		advance(Duration.ofMillis(400));
		assertThat(this.monitor.snapshot().window()).isEqualTo(Duration.ofSeconds(10));
		assertThat(only(this.monitor.snapshot()).utilization()).isZero();
		assertThat(only(this.monitor.snapshot()).lag()).isEqualTo(Lag.NONE);
	}

	@ParameterizedTest
	@ValueSource(ints = { 11, 73, 100, 300, 1200, 4000 })
	void whenLoopIsStuckForLongShouldKeepReportingIt(int seconds) {
		ManualLoop loop = loop("loop-1").start().carrying(1);
		loop.busy();
		List<EventLoopSecond> notified = listen();
		seconds(seconds);
		Lag lag = this.monitor.snapshot().lag();
		// P(lag > x) = min(1, (d - x) / 10 s)
		assertThat(millis(lag.p50Nanos())).isEqualTo(seconds * 1000.0 - 5000);
		assertThat(millis(lag.p99Nanos())).isEqualTo(seconds * 1000.0 - 100);
		assertThat(millis(lag.maxNanos())).isEqualTo(seconds * 1000.0);
		assertThat(notified).allSatisfy((second) -> assertThat(second.lag().p99Nanos()).isPositive());
	}

	@Test
	void whenSecondIsLongShouldWeightItByItsLength() {
		ManualLoop loop = loop("loop-1").start();
		seconds(2);
		loop.iteration(Duration.ofSeconds(30));
		EventLoopSnapshot live = this.monitor.snapshot();
		assertThat(live.window()).isEqualTo(Duration.ofSeconds(30));
		// P(lag > x) = (30 s - x) / 30 s
		assertThat(millis(only(live).lag().p50Nanos())).isCloseTo(15_000, Percentage.withPercentage(1));
		this.monitor.endSecond();
		seconds(1);
		LoopSnapshot snapshot = only(this.monitor.snapshot());
		assertThat(this.monitor.snapshot().window()).isEqualTo(Duration.ofSeconds(31));
		// P(lag > x) = (30 s - x) / 31 s
		assertThat(millis(snapshot.lag().p50Nanos())).isCloseTo(30_000 - 15_500, Percentage.withPercentage(2));
		assertThat(snapshot.utilization()).isEqualTo(30 / 31.0);
	}

	@Test
	void whenPauseIsReportedTwiceWithSecondInBetweenShouldCountItOnce() {
		loop("loop-1").start();
		long from = this.time.now();
		advance(Duration.ofMillis(1500));
		this.monitor.pauses().add(from + 100_000_000, this.time.now());
		this.monitor.endSecond();
		advance(Duration.ofMillis(3));
		this.monitor.pauses().add(from, from + 1_490_000_000);
		this.monitor.endSecond();
		assertThat(millis(this.monitor.snapshot().pause().totalNanos())).isEqualTo(1400);
	}

	@Test
	void whenLoopWasBusyDuringPauseShouldNotAddItAgain() {
		ManualLoop loop = loop("loop-1").start().busy();
		advance(Duration.ofMillis(100));
		this.monitor.pauses().add(this.time.now() - 104_000_000, this.time.now());
		loop.idle();
		advance(Duration.ofMillis(900));
		// P(lag > x) = (100 ms - x) / 1 s
		assertThat(only(this.monitor.snapshot()).lag().p90Nanos()).isLessThan(1_000_000);
	}

	@Test
	void whenPausesAreShortShouldNotMatchThemWithShortIterations() {
		ManualLoop loop = loop("loop-1").start();
		for (int i = 0; i < 100; i++) {
			loop.busy();
			advance(Duration.ofNanos(20_000));
			loop.idle();
			advance(Duration.ofNanos(9_980_000));
			if (i % 5 == 0) {
				this.monitor.pauses().add(this.time.now() - 4_000_000, this.time.now());
			}
		}
		// P(lag > x) = 20 * (4 ms - x) / 1 s
		assertThat(only(this.monitor.snapshot()).lag().p99Nanos()).isBetween(3_300_000L, 3_700_000L);
	}

	@Test
	void whenLoopWasNeverIdleShouldNotAddPauses() {
		ManualLoop loop = loop("loop-1").start().busy();
		for (int i = 0; i < 1000; i++) {
			advance(Duration.ofMillis(1));
			loop.busy();
			if (i % 100 == 99) {
				this.monitor.pauses().add(this.time.now() - 40_000_000, this.time.now());
			}
		}
		assertThat(millis(only(this.monitor.snapshot()).lag().maxNanos())).isCloseTo(1, BUCKET);
	}

	@Test
	void whenProcessPausesInIterationShouldReportPausedTime() {
		ManualLoop loop = loop("loop-1").start();
		seconds(1);
		loop.busy();
		this.time.pause(Duration.ofMillis(1900));
		this.monitor.endSecond();
		advance(Duration.ofMillis(150));
		LoopSnapshot snapshot = only(this.monitor.snapshot());
		assertThat(millis(snapshot.busyNanos())).isEqualTo(2050);
		assertThat(millis(snapshot.pausedNanos())).isEqualTo(1900);
		assertThat(millis(snapshot.stuckNanos())).isEqualTo(150);
	}

	@Test
	void whenConnectionsAreShortShouldStillWeightTheirLoop() {
		loop("acceptor").start().carrying(1);
		ManualLoop worker = loop("worker").start();
		for (int i = 0; i < 10; i++) {
			worker.busy().events(1);
			advance(Duration.ofMillis(900));
			worker.idle();
			advance(Duration.ofMillis(100));
			this.monitor.endSecond();
		}
		// P(lag > x) = 1/2 * (900 ms - x) / 1 s
		assertThat(millis(this.monitor.snapshot().lag().p99Nanos())).isCloseTo(880, BUCKET);
	}

	@Test
	void whenChannelsAreClosedBetweenTwoSecondsShouldCountTheMost() {
		ManualLoop first = loop("first").start().carrying(3);
		loop("second").start().carrying(1);
		this.monitor.poll();
		first.carrying(0);
		first.iteration(Duration.ofSeconds(1));
		this.monitor.endSecond();
		// P(lag > x) = 3/4 * (1 s - x) / 1 s
		assertThat(millis(this.monitor.snapshot().lag().p50Nanos())).isCloseTo(333, Percentage.withPercentage(2));
	}

	@Test
	void shouldDistinguishIoTasksAndIdleTime() {
		ManualLoop loop = loop("loop-1").start();
		advance(Duration.ofMillis(500));
		loop.busy();
		advance(Duration.ofMillis(30));
		loop.events(2).tasks();
		advance(Duration.ofMillis(70));
		LoopSnapshot during = only(this.monitor.snapshot());
		assertThat(millis(during.totals().idleNanos())).isEqualTo(500);
		assertThat(millis(during.totals().ioNanos())).isEqualTo(30);
		assertThat(millis(during.totals().taskNanos())).isEqualTo(70);
		loop.idle();
		advance(Duration.ofMillis(400));
		LoopSnapshot after = only(this.monitor.snapshot());
		assertThat(millis(after.totals().idleNanos())).isEqualTo(900);
		assertThat(millis(after.totals().ioNanos())).isEqualTo(30);
		assertThat(millis(after.totals().taskNanos())).isEqualTo(70);
		assertThat(after.totals().iterations()).isEqualTo(during.totals().iterations() + 1);
		assertThat(after.totals().events()).isEqualTo(2);
		assertThat(after.totals().eventsWaiting()).isZero();
	}

	@Test
	void whenPollReturnsAtOnceShouldCountItsEventsAsWaitingAndTimeAsWork() {
		ManualLoop loop = loop("loop-1").start().iteration(Duration.ofMillis(1));
		advance(Duration.ofNanos(900));
		loop.busy().events(4);
		LoopSnapshot snapshot = only(this.monitor.snapshot());
		assertThat(snapshot.totals().eventsWaiting()).isEqualTo(4);
		assertThat(snapshot.totals().idleNanos()).isZero();
		assertThat(snapshot.utilization()).isOne();
	}

	@Test
	void whenLoopTerminatesShouldRemoveItAndKeepItsStalls() {
		ManualLoop ending = loop("loop-1").start();
		loop("loop-2").start();
		this.monitor.poll();
		ending.iteration(Duration.ofMillis(300));
		seconds(1);
		assertThat(this.monitor.snapshot().stalls()).isEqualTo(1);
		ending.terminate();
		seconds(1);
		EventLoopSnapshot snapshot = this.monitor.snapshot();
		assertThat(snapshot.loops()).extracting(LoopSnapshot::name).containsExactly("loop-2");
		assertThat(snapshot.stalls()).as("stalls of loops that are removed").isEqualTo(1);
		assertThat(snapshot.lag()).isEqualTo(Lag.NONE);
	}

	@Test
	void whenLoopStopsInTheMiddleOfIterationShouldEndIt() {
		ManualLoop loop = loop("loop-1").start().busy();
		advance(Duration.ofMillis(300));
		loop.recorder().stopped(this.time.now());
		advance(Duration.ofSeconds(5));
		LoopSnapshot snapshot = only(this.monitor.snapshot());
		assertThat(millis(snapshot.totals().activeNanos())).isEqualTo(300);
		assertThat(snapshot.busyNanos()).isZero();
		assertThat(snapshot.state()).isEqualTo(LoopState.IDLE);
	}

	@Test
	void shouldWeightLoopsByTheirChannels() {
		ManualLoop used = loop("used").start().carrying(98);
		loop("unused-1").start();
		loop("unused-2").start().carrying(2);
		for (int second = 0; second < 10; second++) {
			used.iteration(Duration.ofMillis(500));
			advance(Duration.ofMillis(500));
			this.monitor.endSecond();
		}
		EventLoopSnapshot snapshot = this.monitor.snapshot();
		// P(lag > x) = 0.98 * (500 ms - x) / 1 s
		assertThat(millis(snapshot.lag().p99Nanos())).isCloseTo(500 - 10 / 0.98, BUCKET);
		assertThat(snapshot.utilization()).as("unweighted mean").isEqualTo(0.5 / 3);
	}

	@Test
	void whenThereAreNoChannelsShouldWeightStartedLoopsEqually() {
		ManualLoop busy = loop("busy").start();
		loop("idle").start();
		loop("not-started");
		busy.iteration(Duration.ofSeconds(1));
		this.monitor.endSecond();
		// P(lag > x) = 1/2 * (1 s - x) / 1 s
		assertThat(millis(this.monitor.snapshot().lag().p90Nanos())).isCloseTo(800, BUCKET);
	}

	@Test
	void whenChannelsMoveShouldWeightEachSecondByItself() {
		ManualLoop first = loop("first").start().carrying(10);
		ManualLoop second = loop("second").start();
		first.iteration(Duration.ofSeconds(1));
		this.monitor.endSecond();
		first.carrying(0);
		second.carrying(10);
		seconds(1);
		// P(lag > x) = (1 s - x) / 2 s: the first second keeps its weight
		assertThat(millis(this.monitor.snapshot().lag().p90Nanos())).isCloseTo(800, BUCKET);
	}

	@Test
	void whenLoopIsStuckShouldKeepItsWeight() {
		ManualLoop stuck = loop("stuck").start().carrying(1);
		loop("other").start().carrying(3);
		stuck.busy();
		seconds(20);
		Lag lag = this.monitor.snapshot().lag();
		// P(lag > x) = 1/4 * min(1, (20 s - x) / 10 s)
		assertThat(lag.p50Nanos()).isZero();
		assertThat(millis(lag.p99Nanos())).isCloseTo(20_000 - 400, BUCKET);
		assertThat(lag.maxNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(20));
	}

	@Test
	void whenProcessPausesShouldDelayTheEventsOfIdleLoops() {
		ManualLoop idle = loop("idle").start();
		ManualLoop busy = loop("busy").start();
		busy.busy();
		long from = this.time.now();
		advance(Duration.ofMillis(200));
		this.monitor.pauses().add(from, this.time.now());
		busy.idle();
		advance(Duration.ofMillis(800));
		assertPaused(this.monitor.snapshot());
		this.monitor.endSecond();
		assertPaused(this.monitor.snapshot());
		assertThat(idle.recorder().read().iterations()).as("no additional iteration").isEqualTo(1);
		seconds(10);
		assertThat(this.monitor.snapshot().pause()).isEqualTo(PauseTotals.NONE);
	}

	private static void assertPaused(EventLoopSnapshot snapshot) {
		assertThat(millis(snapshot.pause().maxNanos())).isEqualTo(200);
		assertThat(millis(snapshot.pause().totalNanos())).isEqualTo(200);
		assertThat(snapshot.loops()).allSatisfy((loop) -> {
			// P(lag > x) = (200 ms - x) / 1 s, once for each loop
			assertThat(millis(loop.lag().p90Nanos())).isCloseTo(100, BUCKET);
			assertThat(millis(loop.lag().maxNanos())).isCloseTo(200, BUCKET);
		});
		assertThat(snapshot.loops().get(0).utilization()).isZero();
		assertThat(snapshot.loops().get(0).totals().stalls()).isZero();
		assertThat(snapshot.loops().get(1).utilization()).isEqualTo(0.2);
	}

	@Test
	void whenPauseIsReportedTwiceShouldCountItOnce() {
		long now = this.time.now();
		this.monitor.pauses().add(now - 300_000_000, now);
		this.monitor.pauses().add(now - 250_000_000, now + 50_000_000);
		this.monitor.pauses().add(now - 2_000_000_000, now - 1_000_000_000);
		assertThat(this.monitor.snapshot().pause()).isEqualTo(new PauseTotals(1_000_000_000, 1_350_000_000));
	}

	@Test
	void shouldComputeVirtualArrivals() {
		ManualLoop loop = loop("loop-1").start();
		List<EventLoopSecond> seconds = listen();
		advance(Duration.ofMillis(500));
		loop.iteration(Duration.ofMillis(200));
		advance(Duration.ofMillis(300));
		this.monitor.endSecond();
		LoopSecond second = seconds.get(0).loops().get(0);
		assertThat(second.arrivals()).isEqualTo(100);
		List<Long> lags = lags(second);
		assertThat(lags).filteredOn((lag) -> lag > 0).hasSize(20);
		assertThat(lags).allMatch((lag) -> lag >= 0 && lag <= 202_000_000);
		assertThat(lags.stream().mapToLong(Long::longValue).sum() / 20).as("mean of 0..200 ms")
			.isCloseTo(100_000_000, Percentage.withPercentage(6));
	}

	@Test
	void whenStallSpansSecondsShouldComputeArrivalsWhenItEnds() {
		ManualLoop loop = loop("loop-1").start();
		List<EventLoopSecond> seconds = listen();
		seconds(1);
		loop.busy();
		seconds(3);
		loop.idle();
		seconds(1);
		assertThat(seconds).extracting((second) -> second.loops().get(0).arrivals()).containsExactly(100, 0, 0, 0, 400);
		assertThat(lags(seconds.get(4).loops().get(0))).filteredOn((lag) -> lag > 0).hasSizeBetween(298, 302);
		assertThat(seconds.subList(0, 4)).extracting((second) -> millis(second.lag().maxNanos()))
			.containsExactly(0.0, 1000.0, 2000.0, 3000.0);
	}

	@Test
	void whenLoopHasAnotherMonitorShouldNotDisturbIt() {
		ManualLoop loop = loop("loop-1").start();
		loop.iteration(Duration.ofMillis(500));
		EventLoopMonitor late = this.time.another(MonitorSettings.DEFAULT);
		late.snapshot();
		advance(Duration.ofMillis(500));
		LoopSnapshot snapshot = only(late.snapshot());
		assertThat(snapshot.utilization()).isZero();
		assertThat(snapshot.lag()).isEqualTo(Lag.NONE);
		assertThat(millis(snapshot.totals().activeNanos())).as("since the loop's start").isEqualTo(500);
		assertThat(only(this.monitor.snapshot()).utilization()).isEqualTo(0.5);
	}

	@Test
	void sinceShouldReturnUsageBetweenTwoSnapshots() {
		ManualLoop loop = loop("loop-1").start();
		loop.iteration(Duration.ofSeconds(3));
		EventLoopSnapshot earlier = this.monitor.snapshot();
		loop.iteration(Duration.ofMillis(300));
		advance(Duration.ofMillis(700));
		ManualLoop added = loop("loop-2").start();
		added.busy();
		advance(Duration.ofSeconds(1));
		EventLoopSnapshot later = this.monitor.snapshot();
		EventLoopUsage usage = later.since(earlier);
		assertThat(usage.duration()).isEqualTo(Duration.ofSeconds(2));
		assertThat(usage.loops()).extracting(LoopUsage::utilization).containsExactly(0.15, 0.5);
		assertThat(usage.utilization()).isEqualTo(0.325);
		assertThat(usage.loops().get(0).iterations()).isEqualTo(1);
		assertThat(usage.loops().get(0).stalls()).isEqualTo(1);
		assertThatIllegalArgumentException().isThrownBy(() -> earlier.since(later))
			.withMessageContaining("call later.since(earlier)");
	}

	@Test
	void whenLoopIsStartedLateShouldCountAsIdleBefore() {
		seconds(9);
		loop("loop-1").start().iteration(Duration.ofSeconds(1));
		assertThat(only(this.monitor.snapshot()).utilization()).isOne();
		ManualLoop late = loop("loop-2");
		seconds(9);
		late.start().iteration(Duration.ofSeconds(1));
		assertThat(this.monitor.snapshot().loop("loop-2").orElseThrow().utilization()).isEqualTo(0.1);
	}

	@Test
	void whenLoopStartsWithNameExpectedByAnotherShouldHaveIt() {
		loop("loop-2");
		loop("loop-2").start();
		assertThat(this.monitor.snapshot().loops()).extracting(LoopSnapshot::name)
			.containsExactly("loop-2#2", "loop-2");
	}

	@Test
	void whenTwoLoopsHaveOneNameShouldMakeNamesUnique() {
		ManualLoop first = loop("loop-1").start();
		loop("loop-1").start();
		assertThat(this.monitor.snapshot().loops()).extracting(LoopSnapshot::name)
			.containsExactly("loop-1", "loop-1#2");
		assertThat(this.monitor.snapshot().loop("loop-1#2")).isPresent();
		assertThat(this.monitor.snapshot().loop("loop-3")).isEmpty();
		first.terminate();
		assertThat(this.monitor.snapshot().loops()).extracting(LoopSnapshot::name)
			.as("a loop keeps its name")
			.containsExactly("loop-1#2");
	}

	@Test
	void historyShouldContainEachSecondByItself() {
		EventLoopMonitor monitor = this.time
			.another(new MonitorSettings(Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofMillis(100)));
		ManualLoop first = loop("loop-1").start();
		secondOf(monitor, first, 100);
		secondOf(monitor, first, 200);
		ManualLoop second = loop("loop-2").start();
		assertThat(monitor.history().epochMillis()).hasSize(2);
		secondOf(monitor, first, 300);
		secondOf(monitor, second, 400);
		EventLoopHistory history = monitor.history();
		assertThat(history.epochMillis()).hasSize(3).isSorted();
		assertThat(history.loops()).extracting(EventLoopHistory.Loop::name).containsExactly("loop-1", "loop-2");
		assertThat(history.loops().get(0).utilization()).containsExactly(0.2f, 0.3f, 0.0f);
		assertThat(history.loops().get(1).utilization()).containsExactly(0.0f, 0.0f, 0.4f);
		assertThat(history.utilization()).containsExactly(0.2f, 0.15f, 0.2f);
		assertThat(history.lagMaxNanos()[2] / 1e6).isCloseTo(400, BUCKET);
	}

	@Test
	void historyAfterShouldContainNewerSecondsOnly() {
		ManualLoop loop = loop("loop-1").start();
		secondOf(this.monitor, loop, 100);
		long first = this.monitor.history().epochMillis()[0];
		waitUntilAfter(first);
		secondOf(this.monitor, loop, 200);
		EventLoopHistory newer = this.monitor.history(first);
		assertThat(newer.epochMillis()).hasSize(1);
		assertThat(newer.loops().get(0).utilization()).containsExactly(0.2f);
		assertThat(this.monitor.history(first - 1).epochMillis()).hasSize(2);
		assertThat(this.monitor.history(newer.epochMillis()[0]).epochMillis()).isEmpty();
		assertThat(this.monitor.history(Long.MAX_VALUE).epochMillis()).as("the clock was set back").hasSize(2);
	}

	private static void waitUntilAfter(long epochMillis) {
		while (System.currentTimeMillis() <= epochMillis) {
			Thread.onSpinWait();
		}
	}

	@Test
	void historyShouldContainCpuUtilizationOfProcess() {
		// The CPU time is real, the second is not.
		ManualLoop loop = loop("loop-1").start();
		computeFor(Duration.ofMillis(50));
		secondOf(this.monitor, loop, 100);
		assertThat(this.monitor.history().processCpuUtilization()).hasSize(1);
		assertThat(this.monitor.history().processCpuUtilization()[0]).isGreaterThan(0).isLessThanOrEqualTo(1);
	}

	@Test
	void historyShouldContainMeanCpuUtilizationOfLoops() {
		ManualLoop busy = loop("loop-1").start();
		loop("loop-2").start();
		loop("loop-3");
		computeFor(Duration.ofMillis(50));
		secondOf(this.monitor, busy, 500);
		EventLoopHistory history = this.monitor.history();
		float first = history.loops().get(0).cpuUtilization()[0];
		float second = history.loops().get(1).cpuUtilization()[0];
		assertThat(first).isGreaterThanOrEqualTo(0.05f);
		assertThat(history.cpuUtilization()[0]).as("mean of the started loops")
			.isCloseTo((first + second) / 2, Offset.offset(1e-6f));
	}

	private static void computeFor(Duration duration) {
		ThreadCpuClock clock = new ThreadCpuClock();
		long enough = clock.nanosOf(Thread.currentThread()) + duration.toNanos();
		while (clock.nanosOf(Thread.currentThread()) < enough) {
			Thread.onSpinWait();
		}
	}

	@Test
	void whenListenerThrowsShouldNotifyTheOthers() {
		List<EventLoopSecond> seconds = new ArrayList<>();
		this.monitor.addListener(new EventLoopListener() {

			@Override
			public void onSecond(EventLoopSecond second) {
				throw new LinkageError("expected by the test");
			}

		});
		this.monitor.addListener(new EventLoopListener() {

			@Override
			public void onSecond(EventLoopSecond second) {
				seconds.add(second);
			}

		});
		seconds(2);
		assertThat(seconds).hasSize(2);
	}

	@Test
	void shouldNotifyListenersOfAddedAndRemovedLoops() {
		List<Integer> notified = new ArrayList<>();
		this.monitor.addListener(new EventLoopListener() {

			@Override
			public void onLoops(List<MonitoredLoop> loops) {
				notified.add(loops.size());
			}

		});
		ManualLoop loop = loop("loop-1");
		this.monitor.snapshot();
		this.monitor.poll();
		this.monitor.poll();
		loop.terminate();
		this.monitor.poll();
		assertThat(notified).containsExactly(1, 0);
	}

	@Test
	void invalidSettingsShouldBeRejected() {
		Duration second = Duration.ofSeconds(1);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new MonitorSettings(Duration.ZERO, second, Duration.ofMillis(100)))
			.withMessage("'window' must be from 1s to 600s but is 0s");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new MonitorSettings(second.multipliedBy(2), second, Duration.ofMillis(100)))
			.withMessage("'history' must be from 2s to 86400s but is 1s");
		assertThatIllegalArgumentException().isThrownBy(() -> new MonitorSettings(second, second, Duration.ofNanos(1)))
			.withMessage("'stall.threshold' must be from 1ms to 60s but is 1ns");
	}

	private ManualLoop loop(String name) {
		return this.time.addLoop("test", name);
	}

	private List<EventLoopSecond> listen() {
		List<EventLoopSecond> seconds = new ArrayList<>();
		this.monitor.addListener(new EventLoopListener() {

			@Override
			public void onSecond(EventLoopSecond second) {
				seconds.add(second);
			}

		});
		return seconds;
	}

	private void secondOf(EventLoopMonitor monitor, ManualLoop loop, int busyMillis) {
		loop.iteration(Duration.ofMillis(busyMillis));
		advance(Duration.ofMillis(1000 - busyMillis));
		monitor.endSecond();
	}

	private void advance(Duration duration) {
		this.time.pass(duration);
	}

	private void seconds(int number) {
		for (int i = 0; i < number; i++) {
			advance(Duration.ofSeconds(1));
			this.monitor.endSecond();
		}
	}

	private static LoopSnapshot only(EventLoopSnapshot snapshot) {
		assertThat(snapshot.loops()).hasSize(1);
		return snapshot.loops().get(0);
	}

	private static List<Long> lags(LoopSecond second) {
		return IntStream.range(0, second.arrivals()).mapToObj(second::arrivalLagNanos).toList();
	}

	private static double millis(long nanos) {
		return nanos / 1e6;
	}

	private static double micros(long nanos) {
		return nanos / 1e3;
	}

}
