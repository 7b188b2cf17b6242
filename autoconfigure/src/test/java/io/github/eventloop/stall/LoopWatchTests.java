package io.github.eventloop.stall;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.LongIteration;
import io.github.eventloop.monitor.ManualLoop;
import io.github.eventloop.monitor.ManualMonitor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LoopWatch} and {@link Evidence} in a time of their own.
 */
class LoopWatchTests {

	private static final long THRESHOLD = Duration.ofMillis(100).toNanos();

	private static final long INTERVAL = Duration.ofMillis(20).toNanos();

	private final StackReader reader = new StackReader(List.of("io.github.eventloop.stall"));

	private final ManualMonitor time = new ManualMonitor();

	private final ManualLoop loop = this.time.addLoop("group", "loop-1").start();

	private ProcessUsage process = new ProcessUsage(0, 0, 0, 0);

	/** What the loop's thread has used: nothing unless a test says so. */
	private ThreadUsage usage = new ThreadUsage(0, 0);

	private final LoopWatch watch = new LoopWatch(this.loop, (recorder) -> this.usage, () -> this.process);

	private final ThreadSampler sampler = new ThreadSampler(this.reader);

	private final AtomicLong ids = new AtomicLong();

	@Test
	void whenIterationIsYoungShouldSeeNothing() {
		this.loop.busy();
		pass(90);
		assertThat(look()).isEqualTo(Long.MAX_VALUE);
		assertThat(this.watch.open()).isNull();
	}

	@Test
	void whenIterationIsOldShouldLookAgainAndAgain() {
		stall();
		assertThat(this.watch.open().samples()).isEqualTo(1);
		assertThat(look()).isEqualTo(INTERVAL);
		pass(10);
		assertThat(look()).isEqualTo(INTERVAL / 2);
		pass(10);
		look();
		assertThat(this.watch.open().samples()).isEqualTo(2);
	}

	@ParameterizedTest
	@CsvSource({ "0, false, false", "9, false, false", "10, false, true", "19, false, true", "20, true, true",
			"35, true, true" })
	void whenHalfOfTheIntervalHasPassedShouldAllowToBeSampledWithOthers(long millis, boolean due, boolean welcome) {
		stall();
		pass(millis);
		this.watch.look(THRESHOLD, INTERVAL, this.ids::incrementAndGet);
		assertThat(this.watch.isSampleDue()).isEqualTo(due);
		assertThat(this.watch.isSampleWelcome()).isEqualTo(welcome);
		this.loop.idle();
		this.watch.look(THRESHOLD, INTERVAL, this.ids::incrementAndGet);
		assertThat(this.watch.isSampleWelcome()).as("it is over").isFalse();
	}

	@Test
	void whenSampleFailsShouldNotTryAgainAtOnce() {
		this.loop.busy();
		pass(101);
		this.watch.look(THRESHOLD, INTERVAL, this.ids::incrementAndGet);
		this.watch.sampled(null);
		assertThat(this.watch.untilNextLook()).isEqualTo(INTERVAL);
		assertThat(this.watch.open().samples()).isZero();
	}

	@Test
	void whenStallLastsForFiveMinutesShouldHaveLookedSeldom() {
		stall();
		for (int i = 0; i < 5 * 60 * 100; i++) {
			pass(10);
			look();
		}
		Stall stall = conclude();
		assertThat(stall.duration()).isEqualTo(Duration.ofMinutes(5).plusMillis(101));
		assertThat(stall.samples()).isBetween(50, 80);
		assertThat(stall.stacks()).hasSizeLessThan(10);
	}

	@Test
	void whenStallGoesOnShouldGiveTheTimeToWhatWasSeenLast() {
		stall();
		assertThat(conclude().stacks().get(0).nanos()).isEqualTo(Duration.ofMillis(101).toNanos());
		pass(7);
		Stall stall = conclude();
		assertThat(stall.duration()).isEqualTo(Duration.ofMillis(108));
		assertThat(stall.stacks().get(0).nanos()).isEqualTo(Duration.ofMillis(108).toNanos());
	}

	@Test
	void whenEndIsNeverToldShouldGiveTheStallUp() {
		stall();
		this.loop.idle();
		assertThat(look()).isPositive();
		assertThat(this.watch.takeLost(this.time.now())).isNull();
		pass(150);
		look();
		assertThat(this.watch.takeLost(this.time.now())).isNull();
		pass(60);
		look();
		Evidence lost = this.watch.takeLost(this.time.now());
		assertThat(lost.conclude(this.time.now(), this.time.monitor(), this.reader).inProgress()).isFalse();
		assertThat(this.watch.open()).isNull();
		assertThat(look()).isEqualTo(Long.MAX_VALUE);
		stall();
		assertThat(this.watch.open()).isNotNull();
	}

	@Test
	void whenStallHasLastedTenTimesTheThresholdShouldSaySoOnce() {
		stall();
		assertThat(this.watch.isLogDue()).isFalse();
		pass(900);
		look();
		assertThat(this.watch.isLogDue()).isTrue();
		pass(1);
		look();
		assertThat(this.watch.isLogDue()).isFalse();
		pass(9_000);
		look();
		assertThat(this.watch.isLogDue()).isTrue();
	}

	@Test
	void shouldNameTheRequestThatTookTheMostTime() {
		Request first = new Request("/first");
		Request second = new Request(null);
		this.loop.recorder().execute(first);
		stall();
		this.loop.recorder().execute(second);
		for (int i = 0; i < 20; i++) {
			pass(20);
			look();
			// Known once the request is mapped to its handler.
			second.route = "/second";
		}
		this.loop.recorder().execute(null);
		assertThat(conclude().route()).isEqualTo("/second");
		assertThat(this.watch.open().takeRequests()).containsExactly(first, second);
		assertThat(this.watch.open().takeRequests()).isEmpty();
	}

	@Test
	void whenTasksPileUpBehindOneThatTakesLongShouldNotCallThemAFlood() {
		stall();
		long startedAt = this.watch.open().startedAt;
		pass(5);
		this.loop.idle();
		Evidence evidence = this.watch.end(new LongIteration(startedAt, this.time.now(), 0, 40, 0),
				this.ids::incrementAndGet);
		assertThat(evidence.conclude(this.time.now(), this.time.monitor(), this.reader).cause())
			.isNotEqualTo(StallCause.FLOOD);
	}

	@Test
	void whenLoopWaitedJustBeforeTheStallShouldNotSubtractThatFromItsCpuTime() {
		use(5, 0);
		this.loop.iteration(Duration.ofMillis(1));
		look();
		this.loop.iteration(Duration.ofMillis(80));
		this.loop.busy();
		use(101, 0);
		look();
		use(49, 0);
		Stall stall = end();
		assertThat(stall.cause()).isEqualTo(StallCause.COMPUTING);
		assertThat(stall.culprit()).isNotNull();
		assertThat(stall.cpuNanos()).isEqualTo(Duration.ofMillis(150).toNanos());
		assertThat(stall.starvedNanos()).isZero();
	}

	@Test
	void whenLoopComputedBeforeTheStallShouldNotTakeThatForTheStallsIfItCanTell() {
		this.loop.iteration(Duration.ofMillis(1));
		look();
		this.loop.busy();
		use(80, 0);
		this.loop.idle();
		this.loop.busy();
		use(10, 110);
		look();
		use(5, 35);
		Stall stall = end();
		assertThat(stall.starvedNanos()).isGreaterThanOrEqualTo(Duration.ofMillis(35 + 20).toNanos());
		assertThat(stall.cpuNanos() + stall.starvedNanos()).isEqualTo(stall.duration().toNanos());
	}

	@Test
	void whenLoopComputedBeforeAStallInWhichItSleepsShouldNotTakeThatForTheStalls() {
		this.loop.iteration(Duration.ofMillis(1));
		look();
		this.loop.busy();
		use(80, 0);
		this.loop.idle();
		this.loop.busy();
		pass(150);
		this.watch.look(THRESHOLD, INTERVAL, this.ids::incrementAndGet);
		StackTraceElement[] asleep = { StallScenario.frame("java.lang.Thread.sleep:-2") };
		this.watch.sampled(new Sample(0, StallCause.SLEEPING, asleep, null, null));
		Stall stall = end();
		assertThat(stall.cause()).isEqualTo(StallCause.SLEEPING);
		assertThat(stall.cpuNanos()).isZero();
	}

	@Test
	void whenStallFollowsAtOnceShouldBoundWhatItUsedBeforeTheOtherWasReported() {
		this.loop.iteration(Duration.ofMillis(1));
		look();
		this.loop.busy();
		use(120, 0);
		look();
		long startedAt = this.watch.open().startedAt;
		long endedAt = this.time.now();
		this.loop.busy();
		use(60, 0);
		this.watch.end(new LongIteration(startedAt, endedAt, 1, 1, 0), this.ids::incrementAndGet);
		use(60, 0);
		look();
		Stall stall = end();
		assertThat(stall.duration()).isEqualTo(Duration.ofMillis(120));
		assertThat(stall.cause()).isEqualTo(StallCause.COMPUTING);
		assertThat(stall.cpuNanos()).isEqualTo(Duration.ofMillis(120).toNanos());
	}

	@Test
	void whenStallWasNotSampledShouldTellFromCpuTimeWhetherItComputed() {
		this.loop.iteration(Duration.ofMillis(1));
		look();
		long startedAt = this.time.now();
		this.loop.busy();
		use(130, 0);
		assertThat(end(startedAt).cause()).isEqualTo(StallCause.COMPUTING);
		startedAt = this.time.now();
		this.loop.busy();
		use(10, 140);
		assertThat(end(startedAt).cause()).isEqualTo(StallCause.STARVED);
	}

	@Test
	void whenCodeRunsForTheFirstTimeShouldAdviseToWarmItUp() {
		this.loop.iteration(Duration.ofMillis(1));
		look();
		this.loop.busy();
		use(120, 0);
		this.process = new ProcessUsage(0, 0, 700, Duration.ofMillis(60).toNanos());
		look();
		assertThat(end().advice()).contains("first use");
	}

	@ParameterizedTest
	@CsvSource({ "90, 0, CPU limit, remove the limit", "0, 140, other threads of this process, smaller",
			"0, 3, other processes, request as many CPUs", "-1, 140, other threads of this process, smaller" })
	void whenStarvedShouldAdviseFromWhatKeptTheCpus(long throttledMillis, long cpuMillisOfEachProcessor, String reason,
			String advice) {
		this.loop.iteration(Duration.ofMillis(1));
		look();
		long startedAt = this.time.now();
		this.loop.busy();
		use(10, 140);
		long cpuMillis = cpuMillisOfEachProcessor * Runtime.getRuntime().availableProcessors();
		this.process = new ProcessUsage(Duration.ofMillis(cpuMillis).toNanos(),
				Duration.ofMillis(throttledMillis).toNanos(), 0, 0);
		Stall stall = end(startedAt);
		assertThat(stall.cause()).isEqualTo(StallCause.STARVED);
		assertThat(stall.starvedBy()).isEqualTo(reason);
		assertThat(stall.advice()).contains(advice);
	}

	@Test
	void whenRequestsOfOneConnectionFloodTheLoopShouldSaySo() {
		this.loop.busy();
		this.usage = new ThreadUsage(0, 0);
		for (int i = 0; i < 100; i++) {
			this.loop.recorder().requestStarted();
			use(2, 0);
			if (i >= 50 && i % 10 == 0) {
				look();
			}
		}
		long startedAt = this.watch.open().startedAt;
		long now = this.time.now();
		this.loop.idle();
		Stall stall = this.watch
			.end(new LongIteration(startedAt, now, 1, 100, now - startedAt), this.ids::incrementAndGet)
			.conclude(now, this.time.monitor(), this.reader);
		assertThat(stall.cause()).isEqualTo(StallCause.FLOOD);
		assertThat(stall.oneConnection()).isTrue();
		assertThat(stall.steps()).isEqualTo(100);
		assertThat(stall.advice()).contains("one connection");
	}

	/**
	 * Let time pass, in which the loop's thread has a CPU or waits for one, or neither.
	 */
	private void use(long cpuMillis, long queuedMillis) {
		this.usage = new ThreadUsage(this.usage.cpuNanos() + Duration.ofMillis(cpuMillis).toNanos(),
				this.usage.queuedNanos() + Duration.ofMillis(queuedMillis).toNanos());
		pass(cpuMillis + queuedMillis);
	}

	private Stall end() {
		return end(this.watch.open().startedAt);
	}

	private Stall end(long startedAt) {
		this.loop.idle();
		LongIteration iteration = new LongIteration(startedAt, this.time.now(), 1, 1, 0);
		return this.watch.end(iteration, this.ids::incrementAndGet)
			.conclude(this.time.now(), this.time.monitor(), this.reader);
	}

	private void stall() {
		this.loop.busy();
		pass(101);
		look();
	}

	private void pass(long millis) {
		this.time.pass(Duration.ofMillis(millis));
	}

	private long look() {
		this.watch.look(THRESHOLD, INTERVAL, this.ids::incrementAndGet);
		if (this.watch.isSampleDue()) {
			this.watch.sampled(this.sampler.sample(List.of(this.watch.target())).get(this.watch.target().thread()));
		}
		return this.watch.untilNextLook();
	}

	private Stall conclude() {
		return this.watch.open().conclude(this.time.now(), this.time.monitor(), this.reader);
	}

	private static final class Request implements ExecutingRequest {

		private String route;

		Request(String route) {
			this.route = route;
		}

		@Override
		public String route() {
			return this.route;
		}

		@Override
		public String traceId() {
			return null;
		}

		@Override
		public void stalled(String description) {
		}

	}

}
