package io.github.eventloop.finding.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.eventloop.blocking.BlockingHotspot;
import io.github.eventloop.blocking.BlockingKind;
import io.github.eventloop.finding.Confidence;
import io.github.eventloop.finding.Finding;
import io.github.eventloop.finding.Findings;
import io.github.eventloop.finding.Severity;
import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.monitor.Lag;
import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.SampledStack;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the rules of the {@link Catalogue}, with observations on both sides of their
 * thresholds.
 */
class CatalogueTests {

	private static final Lag NO_LAG = new Lag(0, 0, 0, 0, 0);

	private final TestObservations observations = new TestObservations();

	private long ids;

	@Test
	void whenNothingIsWrongShouldFindNothing() {
		assertThat(this.observations.loop("loop-1", 0.2, 0.2, NO_LAG).find()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "SLEEPING, blocking-call", "BLOCKING_IO, blocking-call", "WAITING, blocking-call",
			"LOCK, lock-contention", "COMPUTING, computing", "FLOOD, many-short-tasks", "GC, garbage-collection",
			"STARVED, starved-node", "UNKNOWN, unexplained-lag" })
	void causeShouldDetermineTheFinding(StallCause cause, String id) {
		assertThat(this.observations.stall(stall(cause, "load", 20, 1200)).ids()).containsExactly(id);
	}

	@ParameterizedTest
	@CsvSource({ "CPU limit, cpu-limit", "other threads of this process, starved-by-own-threads",
			"other processes, starved-node" })
	void whenStarvedReasonShouldDetermineTheFinding(String reason, String id) {
		assertThat(this.observations.stall(starved(StallCause.STARVED, reason, 1200)).ids()).containsExactly(id);
	}

	@Test
	void whenLimitAccountsForMostOfAComputationShouldFindBoth() {
		assertThat(this.observations.stall(starved(StallCause.COMPUTING, "CPU limit", 1200)).ids())
			.containsExactlyInAnyOrder("computing", "cpu-limit");
	}

	@ParameterizedTest
	@CsvSource({ "1, 120, ''", "2, 190, ''", "1, 210, INFO", "3, 120, WARNING", "1, 1100, WARNING" })
	void stallsShouldMatterIfUsersNoticeThem(int count, long millis, String severity) {
		for (int i = 0; i < count; i++) {
			this.observations.stall(stall(StallCause.SLEEPING, "load", 30 - i, millis));
		}
		assertThat(this.observations.find()).extracting((finding) -> finding.severity().name())
			.isEqualTo(severity.isEmpty() ? List.of() : List.of(severity));
	}

	@Test
	void whenShortStallsAreFarApartShouldFindNothing() {
		for (int i = 0; i < 4; i++) {
			this.observations.stall(stall(StallCause.SLEEPING, "load", 270 - i * 60, 150));
		}
		assertThat(this.observations.find()).isEmpty();
	}

	@Test
	void whenStallsAreOlderThanThePeriodShouldForgetThem() {
		assertThat(this.observations.stall(stall(StallCause.SLEEPING, "load", 400, 2000)).find()).isEmpty();
	}

	@Test
	void whenMachineDelaysAThreadOnceShouldFindNothing() {
		assertThat(this.observations.stall(stall(StallCause.STARVED, "load", 20, 400)).find()).isEmpty();
	}

	@Test
	void differentLinesShouldBeFindingsOfTheirOwnAndTheLongestFirst() {
		this.observations.stall(stall(StallCause.SLEEPING, "load", 40, 1200));
		this.observations.stall(stall(StallCause.SLEEPING, "save", 30, 1900));
		this.observations.stall(stall(StallCause.COMPUTING, "sum", 20, 1500));
		List<Finding> findings = this.observations.find();
		assertThat(findings).extracting(Finding::id).containsExactly("blocking-call", "computing", "blocking-call");
		assertThat(findings.get(0).evidence().code().culprit().methodName()).isEqualTo("save");
		assertThat(findings).extracting((finding) -> finding.evidence().stalls().lagShare())
			.allSatisfy((share) -> assertThat(share).isBetween(0.1, 0.6));
	}

	@Test
	void whenEachStallHasAnotherLineShouldFindThemTogether() {
		for (String method : List.of("load", "save", "sum")) {
			this.observations.stall(stall(StallCause.COMPUTING, method, 30, 150));
		}
		assertThat(this.observations.find()).singleElement()
			.satisfies((finding) -> assertThat(finding.evidence().stalls().count()).isEqualTo(3));
	}

	@Test
	void shouldFindAtMostTenWithTheMostSevereFirst() {
		for (StallCause cause : StallCause.values()) {
			for (String method : List.of("load", "save", "sum", "show")) {
				this.observations.stall(stall(cause, method, 30, 1200));
			}
		}
		this.observations.acceptor("acceptor", Duration.ofSeconds(3), 5);
		List<Finding> findings = this.observations.find();
		assertThat(findings).hasSize(Findings.MAX_FINDINGS);
		assertThat(findings.get(0).id()).isEqualTo("acceptor-blocked");
		assertThat(findings).extracting(Finding::severity).isSorted();
	}

	@Test
	void whenStuckOrOutOfServiceShouldBeCritical() {
		Stall stuck = stall(StallCause.WAITING, "load", 4, 4000, true);
		assertThat(new TestObservations().stall(stuck).find()).extracting(Finding::severity)
			.containsExactly(Severity.CRITICAL);
		Stall recent = stall(StallCause.WAITING, "load", 4, 900);
		assertThat(new TestObservations().stall(recent).status(EventLoopStatus.OVERLOADED).find())
			.extracting(Finding::severity)
			.containsExactly(Severity.CRITICAL);
		Stall old = stall(StallCause.WAITING, "load", 60, 1900);
		assertThat(new TestObservations().stall(old).status(EventLoopStatus.OVERLOADED).find())
			.extracting(Finding::severity)
			.containsExactly(Severity.WARNING);
	}

	@ParameterizedTest
	@CsvSource({ "20, 1.0, HIGH", "2, 1.0, MEDIUM", "20, 0.5, MEDIUM", "20, 0.2, LOW" })
	void confidenceShouldDependOnSamples(int samples, double share, Confidence expected) {
		Stall stall = stall(StallCause.SLEEPING, "load", 20, 1200, false, samples, share);
		assertThat(this.observations.stall(stall).find()).extracting(Finding::confidence).containsExactly(expected);
	}

	@Test
	void whenClassesAreLoadedForLongShouldTellThatItIsOver() {
		Stall stall = withStack(StallCause.COMPUTING, 800,
				new StackTraceElement("java.lang.ClassLoader", "defineClass1", null, -2));
		assertThat(this.observations.stall(stall).find()).singleElement().satisfies((finding) -> {
			assertThat(finding.id()).isEqualTo("class-loading");
			assertThat(finding.severity()).isEqualTo(Severity.INFO);
		});
		Stall shorter = withStack(StallCause.COMPUTING, 450,
				new StackTraceElement("java.lang.ClassLoader", "defineClass1", null, -2));
		assertThat(new TestObservations().stall(shorter).find()).isEmpty();
	}

	@Test
	void whenJvmHasJustStartedShouldBeAColdStart() {
		Stall stall = withoutCulprit(StallCause.COMPUTING, 800, false);
		assertThat(this.observations.startedAt(this.observations.now().minusSeconds(60)).stall(stall).ids())
			.containsExactly("cold-start");
		assertThat(new TestObservations().stall(stall).ids()).containsExactly("computing");
	}

	@Test
	void whenOneConnectionIsAllOfTheWorkShouldTell() {
		assertThat(this.observations.stall(withoutCulprit(StallCause.FLOOD, 800, true)).ids())
			.containsExactly("one-connection");
	}

	@Test
	void whenLoopsOfADriverAreBlockedShouldTellHowMany() {
		assertThat(this.observations.stall(ofDriver("lettuce-epollEventLoop-4-1", 700)).find()).singleElement()
			.satisfies((finding) -> {
				assertThat(finding.id()).isEqualTo("driver-loop-blocked");
				assertThat(finding.title()).isEqualTo("A callback on a connection of a driver blocked event loop "
						+ "lettuce-epollEventLoop-4-1 once, for 700 ms");
			});
		assertThat(this.observations.stall(ofDriver("lettuce-epollEventLoop-4-2", 800)).find()).singleElement()
			.satisfies((finding) -> assertThat(finding.title())
				.isEqualTo("A callback on a connection of a driver blocked 2 event loops twice, for up to 800 ms"));
	}

	@Test
	void whenAcceptorIsBlockedShouldBeCriticalIfConnectionsWait() {
		assertThat(new TestObservations().acceptor("a", Duration.ofMillis(800), 3).find()).singleElement()
			.satisfies((finding) -> {
				assertThat(finding.id()).isEqualTo("acceptor-blocked");
				assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
				assertThat(finding.title()).contains("800 ms", "3 connections wait");
			});
		assertThat(new TestObservations().acceptor("a", Duration.ofMillis(800), 0).find()).isEmpty();
		assertThat(new TestObservations().acceptor("a", Duration.ofMillis(300), 3).find()).isEmpty();
		assertThat(new TestObservations().acceptor("a", Duration.ofMillis(800), null).find()).isEmpty();
		assertThat(new TestObservations().acceptor("a", Duration.ofSeconds(3), null).ids())
			.containsExactly("acceptor-blocked");
	}

	@Test
	void whenLoopsWaitInShortCallsShouldFindThem() {
		assertThat(new TestObservations().loop("a", 0.7, 0.1, TestObservations.LAG).find()).singleElement()
			.satisfies((finding) -> {
				assertThat(finding.id()).isEqualTo("short-blocking-calls");
				assertThat(finding.confidence()).isEqualTo(Confidence.MEDIUM);
				assertThat(finding.title()).contains("70 %", "10 %");
			});
		assertThat(new TestObservations().loop("a", 0.7, 0.1, NO_LAG).find()).as("no lag").isEmpty();
		assertThat(new TestObservations().loop("a", 0.2, 0.02, TestObservations.LAG).find()).as("idle").isEmpty();
		assertThat(new TestObservations().loop("a", 0.6, 0.5, TestObservations.LAG).find()).as("computes").isEmpty();
		assertThat(new TestObservations().loop("a", 0.7, 0.1, TestObservations.LAG).stalledSeconds("a").find())
			.as("stalls explain it")
			.isEmpty();
		assertThat(new TestObservations().loop("a", 0.7, 0.1, TestObservations.LAG).processCpu(0.95).find())
			.as("no CPU is free")
			.isEmpty();
		assertThat(
				new TestObservations().loop("a", 0.7, 0.1, TestObservations.LAG).starved(Duration.ofSeconds(5)).find())
			.as("the machine is busy")
			.isEmpty();
	}

	@Test
	void whenBlockingCallsAreDetectedShouldNameTheLine() {
		BlockingHotspot calls = new BlockingHotspot(BlockingKind.SLEEP,
				new Culprit("com.acme.Prices", "load", "Prices.java", 42), 900, Duration.ofSeconds(20),
				Duration.ofMillis(30), this.observations.now(), "a", List.of());
		assertThat(this.observations.loop("a", 0.7, 0.1, TestObservations.LAG).blocking(calls).find()).singleElement()
			.satisfies((finding) -> {
				assertThat(finding.confidence()).isEqualTo(Confidence.HIGH);
				assertThat(finding.evidence().code().culprit()).isEqualTo(calls.culprit());
			});
	}

	@Test
	void whenOneLoopDoesMostOfTheWorkShouldFindIt() {
		TestObservations uneven = new TestObservations().loop("a", 0.9, 0.85, TestObservations.LAG);
		assertThat(uneven.loop("b", 0.1, 0.1, NO_LAG).loop("c", 0.1, 0.1, NO_LAG).find()).singleElement()
			.satisfies((finding) -> {
				assertThat(finding.id()).isEqualTo("uneven-loops");
				assertThat(finding.evidence().loops()).containsExactly("a");
				assertThat(finding.evidence().figures()).containsExactly("open channels: 10 of 30 in the group");
			});
		assertThat(uneven.stalledSeconds("a").find()).as("stalls explain it").isEmpty();
	}

	@Test
	void whenAllLoopsAreBusyShouldTellWhetherCpusAreIdle() {
		TestObservations busy = new TestObservations();
		for (String name : List.of("a", "b")) {
			busy.loop(name, 0.9, 0.85, TestObservations.LAG);
		}
		assertThat(busy.processors(2).processCpu(0.9).ids()).containsExactly("saturated-loops");
		assertThat(busy.processors(8).processCpu(0.3).ids()).containsExactly("too-few-loops");
	}

	@Test
	void whenStarvedAndThereAreManyLoopsShouldTell() {
		for (int i = 0; i < 9; i++) {
			this.observations.loop("loop-" + i, 0.2, 0.1, NO_LAG);
		}
		assertThat(this.observations.processors(2).ids()).isEmpty();
		this.observations.stall(starved(StallCause.STARVED, "CPU limit", 1200));
		assertThat(this.observations.ids()).containsExactly("cpu-limit", "too-many-loops");
	}

	@Test
	void whenProcessIsPausedShouldTellWhetherItIsForCollections() {
		assertThat(new TestObservations().paused(0.3, 0.28).ids()).containsExactly("garbage-collection");
		assertThat(new TestObservations().paused(0.3, 0.02).ids()).containsExactly("paused-process");
		assertThat(new TestObservations().paused(0.1, 0.1).find()).isEmpty();
	}

	@Test
	void whenWorkersAreExhaustedShouldFindThem() {
		assertThat(new TestObservations().workerWait("boundedElastic", Duration.ofSeconds(3)).find()).singleElement()
			.satisfies((finding) -> {
				assertThat(finding.id()).isEqualTo("workers-exhausted");
				assertThat(finding.title()).contains("boundedElastic", "3 s");
			});
		assertThat(new TestObservations().workerWait("parallel", Duration.ofMillis(200)).find()).isEmpty();
	}

	@Test
	void whenCallersWaitForAPoolShouldFindIt() {
		String waitedFor = "stock (5 of 5 connections in use, 7 waiting)";
		assertThat(new TestObservations().pools(waitedFor).find()).singleElement().satisfies((finding) -> {
			assertThat(finding.id()).isEqualTo("connection-pool-exhausted");
			assertThat(finding.evidence().code().notes()).containsExactly(waitedFor);
			assertThat(finding.title()).doesNotContain("stock");
		});
		assertThat(new TestObservations().pools("orders (10 of 10 connections in use)").find()).isEmpty();
		assertThat(new TestObservations().pools("stock (5 of 5 connections in use, 0 waiting)").find()).isEmpty();
	}

	@Test
	void whenProbesMayHaveTimedOutShouldTell() {
		Stall stall = stall(StallCause.SLEEPING, "load", 20, 1200);
		assertThat(new TestObservations().probed().stall(stall).ids()).containsExactly("blocking-call",
				"probes-on-application-port");
		assertThat(new TestObservations().stall(stall).ids()).containsExactly("blocking-call");
		assertThat(new TestObservations().probed().stall(stall(StallCause.SLEEPING, "load", 20, 600)).ids())
			.containsExactly("blocking-call");
	}

	@Test
	void whenRequestsHangOnIdleLoopsShouldTell() {
		assertThat(new TestObservations().quiet("a", Duration.ofSeconds(40)).find()).singleElement()
			.satisfies((finding) -> {
				assertThat(finding.id()).isEqualTo("hang-while-idle");
				assertThat(finding.title()).startsWith("3 requests");
				assertThat(finding.confidence()).isEqualTo(Confidence.LOW);
			});
		assertThat(new TestObservations().quiet("a", Duration.ofSeconds(20)).find()).isEmpty();
	}

	@Test
	void whenUnmeasuredLoopWaitsShouldNameItAndOtherwiseTellThatItIsNotChecked() {
		String name = "lettuce-epollEventLoop-1-1";
		assertThat(new TestObservations().unmeasured(name, Thread.State.TIMED_WAITING).find()).singleElement()
			.satisfies((finding) -> {
				assertThat(finding.id()).isEqualTo("unmeasured-loops");
				assertThat(finding.severity()).isEqualTo(Severity.INFO);
				assertThat(finding.evidence().loops()).containsExactly(name);
			});
		TestObservations idle = new TestObservations().unmeasured(name, Thread.State.RUNNABLE);
		assertThat(idle.find()).isEmpty();
		assertThat(Inspection.notChecked(idle.build())).anyMatch((text) -> text.contains(name));
	}

	@Test
	void whenStatusIsBadAndNothingExplainsItShouldTell() {
		assertThat(new TestObservations().status(EventLoopStatus.DEGRADED).ids()).containsExactly("unexplained-lag");
		assertThat(new TestObservations().status(EventLoopStatus.STARTING).find()).isEmpty();
		assertThat(new TestObservations().status(EventLoopStatus.DEGRADED)
			.stall(stall(StallCause.SLEEPING, "load", 30, 1200))
			.ids()).containsExactly("blocking-call");
	}

	@Test
	void whenAFewShortStallsExplainABadStatusShouldNotCallItUnexplained() {
		assertThat(new TestObservations().status(EventLoopStatus.DEGRADED)
			.stall(stall(StallCause.SLEEPING, "load", 5, 300))
			.find()).singleElement().satisfies((finding) -> {
				assertThat(finding.id()).isEqualTo("blocking-call");
				assertThat(finding.severity()).isEqualTo(Severity.INFO);
			});
		assertThat(new TestObservations().status(EventLoopStatus.DEGRADED)
			.stall(stall(StallCause.SLEEPING, "load", 240, 300))
			.ids()).as("long over").containsExactly("unexplained-lag", "blocking-call");
	}

	@Test
	void whenDetailsAreHiddenShouldTellIfThereAreAny() {
		assertThat(new TestObservations().detailsHidden().find()).isEmpty();
		assertThat(new TestObservations().detailsHidden().stall(stall(StallCause.SLEEPING, "load", 30, 1200)).ids())
			.containsExactly("blocking-call", "details-hidden");
	}

	private Stall stall(StallCause cause, String method, long secondsAgo, long millis) {
		return stall(cause, method, secondsAgo, millis, false);
	}

	private Stall stall(StallCause cause, String method, long secondsAgo, long millis, boolean inProgress) {
		return stall(cause, method, secondsAgo, millis, inProgress, 20, 1);
	}

	private Stall stall(StallCause cause, String method, long secondsAgo, long millis, boolean inProgress, int samples,
			double sampledShare) {
		Duration duration = Duration.ofMillis(millis);
		StackTraceElement[] frames = { new StackTraceElement("com.acme.Prices", method, "Prices.java", 42) };
		SampledStack stack = new SampledStack(cause, frames, samples, (long) (duration.toNanos() * sampledShare));
		Instant startedAt = this.observations.now().minusSeconds(secondsAgo);
		return new Stall(++this.ids, "loop-1", "group", null, startedAt, duration, inProgress, cause,
				new Stall.Code(new Culprit("com.acme.Prices", method, "Prices.java", 42), null, null, null),
				new Stall.Requests("/prices", null, null, null, 2), new Stall.Times(0, 0, 0, null),
				new Stall.Work(1, 1, false), new Stall.Samples(samples, List.of(), List.of(stack)), "Cure it.");
	}

	private Stall starved(StallCause cause, String reason, long millis) {
		Stall stall = stall(cause, "sum", 20, millis);
		long nanos = stall.duration().toNanos();
		return new Stall(stall.id(), stall.loop(), stall.group(), stall.component(), stall.startedAt(),
				stall.duration(), false, cause, stall.code(), stall.requests(),
				new Stall.Times(nanos / 5, 0, nanos * 4 / 5, reason), stall.work(), stall.samples(), "");
	}

	private Stall ofDriver(String loop, long millis) {
		Stall stall = stall(StallCause.SLEEPING, "load", 20, millis);
		return new Stall(stall.id(), loop, "lettuce", "lettuce", stall.startedAt(), stall.duration(), false,
				stall.cause(), stall.code(), stall.requests(), stall.times(), stall.work(), stall.samples(), "");
	}

	private Stall withoutCulprit(StallCause cause, long millis, boolean oneConnection) {
		Stall stall = stall(cause, "sum", 20, millis);
		return new Stall(stall.id(), stall.loop(), stall.group(), stall.component(), stall.startedAt(),
				stall.duration(), false, cause, new Stall.Code(null, null, null, null), stall.requests(), stall.times(),
				new Stall.Work(1, 90, oneConnection), stall.samples(), "");
	}

	private Stall withStack(StallCause cause, long millis, StackTraceElement innermost) {
		Stall stall = stall(cause, "sum", 20, millis);
		StackTraceElement[] frames = { innermost, new StackTraceElement("com.acme.Prices", "sum", "Prices.java", 42) };
		SampledStack stack = new SampledStack(cause, frames, 20, stall.duration().toNanos());
		return new Stall(stall.id(), stall.loop(), stall.group(), stall.component(), stall.startedAt(),
				stall.duration(), false, cause, stall.code(), stall.requests(), stall.times(), stall.work(),
				new Stall.Samples(20, List.of(), List.of(stack)), "");
	}

}
