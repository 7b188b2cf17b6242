package io.github.eventloop.stall.internal.detect;

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
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.StallScenario;
import io.github.eventloop.stall.internal.sample.ProcessUsage;
import io.github.eventloop.stall.internal.sample.Sample;
import io.github.eventloop.stall.internal.sample.ThreadSampler;
import io.github.eventloop.stall.internal.sample.ThreadUsage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LoopStallTracker} and {@link StallSamples} with a manual clock.
 */
class LoopStallTrackerTests {

	private static final long THRESHOLD = Duration.ofMillis(100).toNanos();

	private static final long INTERVAL = Duration.ofMillis(20).toNanos();

	private final StackReader reader = new StackReader(List.of("io.github.eventloop.stall"));

	private final ManualMonitor time = new ManualMonitor();

	private final ManualLoop loop = this.time.addLoop("group", "loop-1").start();

	private ProcessUsage process = new ProcessUsage(0, 0, 0, 0);

	/** CPU usage of the event loop thread: none unless a test sets it. */
	private ThreadUsage usage = new ThreadUsage(0, 0);

	private int usageReads;

	/** The shortest age of the process's usage that was requested since the last poll. */
	private long requestedAge;

	private final LoopStallTracker tracker = new LoopStallTracker(this.loop, (recorder) -> {
		this.usageReads++;
		return this.usage;
	}, (maxAge) -> {
		this.requestedAge = Math.min(this.requestedAge, maxAge);
		return this.process;
	});

	private final ThreadSampler sampler = new ThreadSampler(this.reader);

	private final AtomicLong ids = new AtomicLong();

	@Test
	void whenIterationIsShorterThanThresholdShouldNotBeAStall() {
		this.loop.busy();
		pass(90);
		assertThat(poll()).isEqualTo(Long.MAX_VALUE);
		assertThat(this.tracker.current()).isNull();
	}

	@Test
	void whenLoopOnlyWakesUpShouldReadUsageAfterFiftyTimes() {
		poll();
		this.usageReads = 0;
		for (int i = 0; i < 100; i++) {
			this.loop.iteration(Duration.ofNanos(4_000));
			this.requestedAge = Long.MAX_VALUE;
			poll();
			assertThat(this.requestedAge).isEqualTo(Duration.ofSeconds(1).toNanos());
		}
		assertThat(this.usageReads).isEqualTo(2);
	}

	@Test
	void whenLoopIsActiveShouldReadUsageInEachPoll() {
		poll();
		this.usageReads = 0;
		for (int i = 0; i < 50; i++) {
			this.loop.iteration(Duration.ofMillis(1));
			this.requestedAge = Long.MAX_VALUE;
			poll();
			assertThat(this.requestedAge).isEqualTo(Duration.ofMillis(1).toNanos());
		}
		assertThat(this.usageReads).isEqualTo(50);
	}

	@Test
	void whenIterationIsLongerThanThresholdShouldSampleRepeatedly() {
		stall();
		assertThat(this.tracker.current().count()).isEqualTo(1);
		assertThat(poll()).isEqualTo(INTERVAL);
		pass(10);
		assertThat(poll()).isEqualTo(INTERVAL / 2);
		pass(10);
		poll();
		assertThat(this.tracker.current().count()).isEqualTo(2);
	}

	@ParameterizedTest
	@CsvSource({ "0, false, false", "9, false, false", "10, false, true", "19, false, true", "20, true, true",
			"35, true, true" })
	void whenHalfOfTheIntervalHasPassedShouldAllowSamplingWithOtherLoops(long millis, boolean due, boolean early) {
		stall();
		pass(millis);
		this.tracker.poll(THRESHOLD, INTERVAL, this.ids::incrementAndGet);
		assertThat(this.tracker.isSampleDue()).isEqualTo(due);
		assertThat(this.tracker.canSampleEarly()).isEqualTo(early);
		this.loop.idle();
		this.tracker.poll(THRESHOLD, INTERVAL, this.ids::incrementAndGet);
		assertThat(this.tracker.canSampleEarly()).as("after the end").isFalse();
	}

	@Test
	void whenSampleFailsShouldNotRetryImmediately() {
		this.loop.busy();
		pass(101);
		this.tracker.poll(THRESHOLD, INTERVAL, this.ids::incrementAndGet);
		this.tracker.addSample(null);
		assertThat(this.tracker.untilNextPoll()).isEqualTo(INTERVAL);
		assertThat(this.tracker.current().count()).isZero();
	}

	@Test
	void whenStallLastsForFiveMinutesShouldReduceSamplingRate() {
		stall();
		for (int i = 0; i < 5 * 60 * 100; i++) {
			pass(10);
			poll();
		}
		Stall stall = conclude();
		assertThat(stall.duration()).isEqualTo(Duration.ofMinutes(5).plusMillis(101));
		assertThat(stall.samples().count()).isBetween(50, 80);
		assertThat(stall.samples().stacks()).hasSizeLessThan(10);
	}

	@Test
	void whenStallContinuesShouldAttributeTimeToLastSample() {
		stall();
		assertThat(conclude().samples().stacks().get(0).nanos()).isEqualTo(Duration.ofMillis(101).toNanos());
		pass(7);
		Stall stall = conclude();
		assertThat(stall.duration()).isEqualTo(Duration.ofMillis(108));
		assertThat(stall.samples().stacks().get(0).nanos()).isEqualTo(Duration.ofMillis(108).toNanos());
	}

	@Test
	void whenEndIsNotReportedShouldGiveUpOnStall() {
		stall();
		this.loop.idle();
		assertThat(poll()).isPositive();
		assertThat(this.tracker.takeLost(this.time.now())).isNull();
		pass(150);
		poll();
		assertThat(this.tracker.takeLost(this.time.now())).isNull();
		pass(60);
		poll();
		StallSamples lost = this.tracker.takeLost(this.time.now());
		assertThat(lost.conclude(this.time.now(), this.time.monitor(), this.reader).inProgress()).isFalse();
		assertThat(this.tracker.current()).isNull();
		assertThat(poll()).isEqualTo(Long.MAX_VALUE);
		stall();
		assertThat(this.tracker.current()).isNotNull();
	}

	@Test
	void whenStallHasLastedTenTimesTheThresholdShouldLogItOnce() {
		stall();
		assertThat(this.tracker.isLogDue()).isFalse();
		pass(900);
		poll();
		assertThat(this.tracker.isLogDue()).isTrue();
		pass(1);
		poll();
		assertThat(this.tracker.isLogDue()).isFalse();
		pass(9_000);
		poll();
		assertThat(this.tracker.isLogDue()).isTrue();
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
			poll();
			// Known once the request is mapped to its handler.
			second.route = "/second";
		}
		this.loop.recorder().execute(null);
		assertThat(conclude().requests().route()).isEqualTo("/second");
		assertThat(this.tracker.current().takeRequests()).containsExactly(first, second);
		assertThat(this.tracker.current().takeRequests()).isEmpty();
	}

	@Test
	void whenTasksQueueUpBehindALongTaskShouldNotBeAFlood() {
		stall();
		long startedAt = this.tracker.current().startedAt;
		pass(5);
		this.loop.idle();
		StallSamples samples = this.tracker.end(new LongIteration(startedAt, this.time.now(), 0, 40, 0),
				this.ids::incrementAndGet);
		assertThat(samples.conclude(this.time.now(), this.time.monitor(), this.reader).cause())
			.isNotEqualTo(StallCause.FLOOD);
	}

	@Test
	void whenLoopWasIdleJustBeforeStallShouldNotSubtractIdleTimeFromCpuTime() {
		use(5, 0);
		this.loop.iteration(Duration.ofMillis(1));
		poll();
		this.loop.iteration(Duration.ofMillis(80));
		this.loop.busy();
		use(101, 0);
		poll();
		use(49, 0);
		Stall stall = end();
		assertThat(stall.cause()).isEqualTo(StallCause.COMPUTING);
		assertThat(stall.code().culprit()).isNotNull();
		assertThat(stall.times().cpuNanos()).isEqualTo(Duration.ofMillis(150).toNanos());
		assertThat(stall.times().starvedNanos()).isZero();
	}

	@Test
	void whenLoopComputedBeforeStallShouldExcludeThatCpuTimeAsFarAsKnown() {
		this.loop.iteration(Duration.ofMillis(1));
		poll();
		this.loop.busy();
		use(80, 0);
		this.loop.idle();
		this.loop.busy();
		use(10, 110);
		poll();
		use(5, 35);
		Stall stall = end();
		assertThat(stall.times().starvedNanos()).isGreaterThanOrEqualTo(Duration.ofMillis(35 + 20).toNanos());
		assertThat(stall.times().cpuNanos() + stall.times().starvedNanos()).isEqualTo(stall.duration().toNanos());
	}

	@Test
	void whenLoopComputedBeforeItSleptShouldExcludeThatCpuTime() {
		this.loop.iteration(Duration.ofMillis(1));
		poll();
		this.loop.busy();
		use(80, 0);
		this.loop.idle();
		this.loop.busy();
		pass(150);
		this.tracker.poll(THRESHOLD, INTERVAL, this.ids::incrementAndGet);
		StackTraceElement[] asleep = { StallScenario.frame("java.lang.Thread.sleep:-2") };
		this.tracker.addSample(new Sample(0, StallCause.SLEEPING, asleep, null, null));
		Stall stall = end();
		assertThat(stall.cause()).isEqualTo(StallCause.SLEEPING);
		assertThat(stall.times().cpuNanos()).isZero();
	}

	@Test
	void whenStallFollowsImmediatelyShouldBoundCpuTimeUsedBeforeFirstWasReported() {
		this.loop.iteration(Duration.ofMillis(1));
		poll();
		this.loop.busy();
		use(120, 0);
		poll();
		long startedAt = this.tracker.current().startedAt;
		long endedAt = this.time.now();
		this.loop.busy();
		use(60, 0);
		this.tracker.end(new LongIteration(startedAt, endedAt, 1, 1, 0), this.ids::incrementAndGet);
		use(60, 0);
		poll();
		Stall stall = end();
		assertThat(stall.duration()).isEqualTo(Duration.ofMillis(120));
		assertThat(stall.cause()).isEqualTo(StallCause.COMPUTING);
		assertThat(stall.times().cpuNanos()).isEqualTo(Duration.ofMillis(120).toNanos());
	}

	@Test
	void whenStallWasNotSampledShouldDeriveCauseFromCpuTime() {
		this.loop.iteration(Duration.ofMillis(1));
		poll();
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
	void whenCodeRunsForTheFirstTimeShouldAdviseWarmUp() {
		this.loop.iteration(Duration.ofMillis(1));
		poll();
		this.loop.busy();
		use(120, 0);
		this.process = new ProcessUsage(0, 0, 700, Duration.ofMillis(60).toNanos());
		poll();
		assertThat(end().advice()).contains("first use");
	}

	@ParameterizedTest
	@CsvSource({ "90, 0, CPU limit, remove the limit", "0, 140, other threads of this process, smaller",
			"0, 3, other processes, request as many CPUs", "-1, 140, other threads of this process, smaller" })
	void whenStarvedShouldAdviseByReason(long throttledMillis, long cpuMillisOfEachProcessor, String reason,
			String advice) {
		this.loop.iteration(Duration.ofMillis(1));
		poll();
		long startedAt = this.time.now();
		this.loop.busy();
		use(10, 140);
		long cpuMillis = cpuMillisOfEachProcessor * Runtime.getRuntime().availableProcessors();
		this.process = new ProcessUsage(Duration.ofMillis(cpuMillis).toNanos(),
				Duration.ofMillis(throttledMillis).toNanos(), 0, 0);
		Stall stall = end(startedAt);
		assertThat(stall.cause()).isEqualTo(StallCause.STARVED);
		assertThat(stall.times().starvedBy()).isEqualTo(reason);
		assertThat(stall.advice()).contains(advice);
	}

	@Test
	void whenRequestsOfOneConnectionFloodTheLoopShouldReportOneConnection() {
		this.loop.busy();
		this.usage = new ThreadUsage(0, 0);
		for (int i = 0; i < 100; i++) {
			this.loop.recorder().requestStarted();
			use(2, 0);
			if (i >= 50 && i % 10 == 0) {
				poll();
			}
		}
		long startedAt = this.tracker.current().startedAt;
		long now = this.time.now();
		this.loop.idle();
		Stall stall = this.tracker
			.end(new LongIteration(startedAt, now, 1, 100, now - startedAt), this.ids::incrementAndGet)
			.conclude(now, this.time.monitor(), this.reader);
		assertThat(stall.cause()).isEqualTo(StallCause.FLOOD);
		assertThat(stall.work().oneConnection()).isTrue();
		assertThat(stall.work().tasksStarted()).isEqualTo(100);
		assertThat(stall.advice()).contains("one connection");
	}

	/**
	 * Let time pass in which the event loop thread runs on a CPU, and then is queued for
	 * one.
	 */
	private void use(long cpuMillis, long queuedMillis) {
		this.usage = new ThreadUsage(this.usage.cpuNanos() + Duration.ofMillis(cpuMillis).toNanos(),
				this.usage.queuedNanos() + Duration.ofMillis(queuedMillis).toNanos());
		pass(cpuMillis + queuedMillis);
	}

	private Stall end() {
		return end(this.tracker.current().startedAt);
	}

	private Stall end(long startedAt) {
		this.loop.idle();
		LongIteration iteration = new LongIteration(startedAt, this.time.now(), 1, 1, 0);
		return this.tracker.end(iteration, this.ids::incrementAndGet)
			.conclude(this.time.now(), this.time.monitor(), this.reader);
	}

	private void stall() {
		this.loop.busy();
		pass(101);
		poll();
	}

	private void pass(long millis) {
		this.time.pass(Duration.ofMillis(millis));
	}

	private long poll() {
		this.tracker.poll(THRESHOLD, INTERVAL, this.ids::incrementAndGet);
		if (this.tracker.isSampleDue()) {
			this.tracker
				.addSample(this.sampler.sample(List.of(this.tracker.target())).get(this.tracker.target().thread()));
		}
		return this.tracker.untilNextPoll();
	}

	private Stall conclude() {
		return this.tracker.current().conclude(this.time.now(), this.time.monitor(), this.reader);
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
