package io.github.eventloop.stall;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.stall.FieldCode.Work;
import io.github.eventloop.stall.internal.advice.Advice;
import io.github.eventloop.stall.internal.advice.AdviceEntry;
import io.github.eventloop.stall.internal.cause.Diagnosis;
import io.github.eventloop.stall.internal.cause.StarvedBy;
import io.github.eventloop.stall.internal.sample.ThreadSampler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that stalls reported from the field get a diagnosis that would have helped: the
 * right cause, the right line, and advice that leads to the fix. To add a report that the
 * class path of the tests can provoke, add a row and a method to {@link FieldCode}; for
 * any other, add its thread dump to {@code field-cases.txt}, or a row that describes its
 * samples. Then add the row, or a test of another class, to the table of all kinds,
 * {@code field-kinds.txt}.
 */
class FieldCasesTests {

	/** Required share of right diagnoses: a few may be wrong on an overloaded machine. */
	private static final double REQUIRED_SHARE = 0.9;

	private static final List<Provoked> PROVOKED = List.of(
			row("spring-cloud-gateway#700, #1229", "blocking HTTP client", FieldCode::restClient,
					"BLOCKING_IO at restClient", "WebClient"),
			row("spring-cloud-gateway#1229", "HTTP client of the JDK", FieldCode::httpClient,
					"BLOCKING_IO at httpClient", "WebClient"),
			row("jedis#241", "socket of a synchronous driver", FieldCode::socket, "BLOCKING_IO at socket", "TcpClient"),
			row("several", "future of a driver", FieldCode::future, "WAITING at future", "Mono.fromFuture"),
			row("several", "toFuture().get()", FieldCode::monoToFuture, "WAITING at monoToFuture", "Mono.fromFuture"),
			row("quarkus-mcp-server#293", "sleep", FieldCode::sleep, "SLEEPING at sleep", "Mono.delay"),
			row("resilience4j#578", "permit", FieldCode::semaphore, "WAITING at semaphore", "flatMap"),
			row("caffeine#1777, #352", "value that another thread computes", FieldCode::cacheThatLoads,
					"LOCK at cacheThatLoads", "AsyncCache"),
			row("caffeine#1777", "loader that blocks", FieldCode::cacheLoader, "BLOCKING_IO at socket", "TcpClient"),
			row("none known", "process", FieldCode::process, "WAITING at process", "onExit()"),
			row("logstash-logback-encoder#922, Sentinel#1463", "log into a full pipe", FieldCode::logIntoFullPipe,
					"BLOCKING_IO at logIntoFullPipe", "neverBlock"),
			row("BlockHound#157, spring-framework#24027", "random ids", FieldCode::randomIds, "COMPUTING at randomIds",
					"fewer random UUIDs"),
			row("spring-security-oauth#1383", "password hash", FieldCode::hashPassword, "COMPUTING at hashPassword",
					"Hash passwords on"),
			row("spring-framework#25838, gateleen#583", "huge JSON", FieldCode::hugeJson, "COMPUTING at hugeJson",
					"less JSON"),
			row("vertx-micrometer-metrics#91", "scrape", FieldCode::scrape, "COMPUTING at scrape", "fewer time series"),
			row("gateleen#598", "pattern", FieldCode::catastrophicPattern, "COMPUTING at catastrophicPattern",
					"in one way only"),
			row("debezium#2072", "first use", FieldCode::loadClasses, "COMPUTING at loadClasses", "first use"),
			row("reactor-core#4247, #2883", "busy-looping emission", FieldCode::busyLoopingEmission,
					"COMPUTING at busyLoopingEmission", "spins until another thread has emitted"),
			row("several", "code of the application", FieldCode::ownComputing, "COMPUTING at ownComputing",
					"Compute less at once"),
			row("netty#14272, trino#13660", "collections", FieldCode::collectGarbage, "GC"),
			row("spring-cloud-gateway#2126, spring-cloud-openfeign#551", "block() that is rejected",
					FieldCode::blockThatIsRejected, null),
			row("control", "short pause", FieldCode::shortPause, null),
			row("control", "fair lock", FieldCode::fairLock, null));

	private static final String COMPUTE = "com.acme.Prices.sum:42";

	private static final String LOOP = "io.netty.channel.SingleThreadIoEventLoop.run:196";

	private static final String AT_LINE = " at com.acme.Prices.sum(Prices.java:42)";

	private static final List<Described> DESCRIBED = List.of(
			new Described("allocation stall of ZGC",
					new StallScenario().asleep(300, "java.util.Arrays.copyOf:3537", COMPUTE, LOOP)
						.asleep(20, "java.util.Arrays.copyOf:3537", COMPUTE, LOOP)
						.cycles(),
					Set.of(), "GC" + AT_LINE, "allocate less", "more room"),
			new Described("pacing of Shenandoah",
					new StallScenario().queued(30, 30, 0, COMPUTE, LOOP)
						.asleep(90, COMPUTE, LOOP)
						.asleep(60, COMPUTE, LOOP)
						.cycles(),
					Set.of(), "GC" + AT_LINE, "allocate less", "more room"),
			new Described("CPU limit, own CPU above the threshold",
					new StallScenario().queued(3_105, 505, 2_600, COMPUTE, LOOP), Set.of(StarvedBy.CPU_LIMIT),
					"COMPUTING" + AT_LINE, "Compute less"),
			new Described("CPU limit, own CPU below the threshold",
					new StallScenario().queued(705, 62, 643, COMPUTE, LOOP), Set.of(StarvedBy.CPU_LIMIT), "STARVED",
					"remove the limit"),
			new Described("one connection",
					new StallScenario().queued(240, 236, 0, LOOP).events(1).tasksStarted(120, true).io(228),
					Set.of(AdviceEntry.ONE_CONNECTION), "FLOOD", "one connection", "more connections"),
			new Described("many TLS handshakes",
					new StallScenario()
						.running(160, 158, "sun.security.rsa.RSACore.crtCrypt:205",
								"sun.security.ssl.SSLEngineImpl$DelegatedTask.run:1212",
								"io.netty.handler.ssl.SslHandler.runDelegatedTasks:1690", LOOP)
						.events(41),
					Set.of(), "COMPUTING", "TLS handshakes", "resume sessions"));

	/** Number of kinds that were known when the table was written. */
	private static final int KINDS = 31;

	private final List<String> wrong = new ArrayList<>();

	private int rows;

	@Test
	@Timeout(value = 5, unit = TimeUnit.MINUTES)
	void provokedCasesShouldBeDiagnosed() throws Exception {
		try (StallRig rig = new StallRig(1)) {
			for (Provoked row : PROVOKED) {
				Stall stall = row.stall(rig);
				check(row.toString(), row.expected(), row.advice(), (stall != null) ? describe(stall, row) : null,
						(stall != null) ? stall.advice() : "");
			}
		}
		assertRight();
	}

	@Test
	void recordedCasesShouldBeDiagnosed() throws IOException {
		for (RecordedCase row : RecordedCase.readAll()) {
			StallCause cause = ThreadSampler.causeOf(row.state(), row.stack(), row.osState());
			Culprit culprit = new StackReader(List.of("com.acme")).culpritOf(row.stack());
			check(row.name(), row.expected(), row.advice(), cause + ((culprit != null) ? " at " + culprit : ""),
					Advice.of(cause, culprit, row.stack()));
		}
		assertRight();
	}

	@Test
	void describedCasesShouldBeDiagnosed() {
		assertThat(DESCRIBED).allSatisfy((row) -> {
			Diagnosis diagnosis = row.stall().diagnose();
			Culprit culprit = (diagnosis.cause() != StallCause.STARVED) ? row.stall().culprit() : null;
			assertThat(diagnosis.cause() + ((culprit != null) ? " at " + culprit : "")).isEqualTo(row.expected());
			assertThat(diagnosis.isOfOneConnection()).isEqualTo(row.facts().contains(AdviceEntry.ONE_CONNECTION));
			assertThat(Advice.of(diagnosis.cause(), culprit, diagnosis.stacks(), row.facts())).contains(row.advice());
		});
	}

	@Test
	void whenCallsAreTooShortForAStallShouldShowAsUtilizationWithoutCpuTime() throws Exception {
		MonitorSettings settings = new MonitorSettings(Duration.ofSeconds(10), Duration.ofMinutes(1),
				Duration.ofSeconds(10));
		try (StallRig rig = new StallRig(1, settings, StallSettings.DEFAULT)) {
			for (int i = 0; i < 60; i++) {
				CompletableFuture.runAsync(() -> LockSupport.parkNanos(20_000_000), rig.loop()::execute)
					.get(1, TimeUnit.MINUTES);
			}
			LoopSnapshot loop = Awaitility.await()
				.atMost(Duration.ofMinutes(1))
				.until(() -> rig.monitor.snapshot().loops().get(0), (each) -> each.utilization() > 0.01);
			assertThat(loop.cpuUtilization()).isLessThan(loop.utilization() / 2);
			assertThat(rig.ended).isEmpty();
		}
	}

	@Test
	void everyKindShouldBeCheckedAndEveryRowBelongToAKind() throws IOException {
		List<FieldKind> kinds = FieldKind.readAll();
		assertThat(kinds).hasSizeGreaterThanOrEqualTo(KINDS).allSatisfy((kind) -> {
			assertThat(kind.diagnosis()).isNotEmpty();
			assertThat(kind.checks()).isNotEmpty()
				.allMatch((check) -> check.matches("(provoked|described|recorded|test) .+"));
			assertThat(kind.checks("test")).allMatch(FieldKind::isTest);
		});
		assertThat(checks(kinds, "provoked"))
			.containsExactlyInAnyOrderElementsOf(PROVOKED.stream().map(Provoked::kind).toList());
		assertThat(checks(kinds, "described"))
			.containsExactlyInAnyOrderElementsOf(DESCRIBED.stream().map(Described::kind).toList());
		assertThat(checks(kinds, "recorded")).containsExactlyInAnyOrderElementsOf(
				RecordedCase.readAll().stream().map((row) -> row.name().split(": ", 2)[0]).toList());
	}

	private static Set<String> checks(List<FieldKind> kinds, String type) {
		return kinds.stream().flatMap((kind) -> kind.checks(type).stream()).collect(Collectors.toSet());
	}

	private void check(String name, @Nullable String expected, List<String> expectedAdvice, @Nullable String actual,
			String advice) {
		this.rows++;
		if (!Objects.equals(actual, expected) || !expectedAdvice.stream().allMatch(advice::contains)) {
			this.wrong.add(
					name + ": expected " + expected + " and " + expectedAdvice + ", but was " + actual + ": " + advice);
		}
	}

	private void assertRight() {
		System.out.println((this.rows - this.wrong.size()) + " of " + this.rows + " field cases diagnosed correctly");
		this.wrong.forEach(System.out::println);
		assertThat(this.wrong).hasSizeLessThanOrEqualTo((int) (this.rows * (1 - REQUIRED_SHARE) + 1e-9));
	}

	/** Without the line if none is expected: a collection stops the sampler, too. */
	private static String describe(Stall stall, Provoked row) {
		boolean withLine = row.expected() == null || row.expected().contains(" at ");
		return withLine ? stall.cause() + " at " + methodOf(stall.code().culprit()) : stall.cause().name();
	}

	private static @Nullable String methodOf(@Nullable Culprit culprit) {
		return (culprit != null) ? culprit.methodName().replace(" (lambda)", "") : null;
	}

	private static Provoked row(String reports, String kind, Work code, @Nullable String expected, String... advice) {
		return new Provoked(reports, kind, code, expected, List.of(advice));
	}

	private static boolean isMarker(Stall stall) {
		return "marker".equals(methodOf(stall.code().culprit()));
	}

	private static void marker() {
		try {
			Thread.sleep(200);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * A case that is provoked on a loop.
	 *
	 * @param reports the issues that report it
	 * @param kind a short description
	 * @param code the code that the loop runs
	 * @param expected the cause and the method, or {@code null} if there must be no stall
	 * @param advice the texts that the advice must contain
	 */
	private record Provoked(String reports, String kind, Work code, @Nullable String expected, List<String> advice) {

		@Nullable Stall stall(StallRig rig) throws Exception {
			// Warm up, because the first use of a library is a separate case.
			this.code.run();
			CompletableFuture<Instant> middle = new CompletableFuture<>();
			rig.loop().execute(() -> {
				Instant start = Instant.now();
				try {
					this.code.run();
					middle.complete(start.plus(Duration.between(start, Instant.now()).dividedBy(2)));
				}
				catch (Throwable ex) {
					middle.completeExceptionally(ex);
				}
			});
			Instant instant = middle.get(1, TimeUnit.MINUTES);
			if (this.expected == null) {
				// A stall of the code, if any, is reported before this one.
				rig.loop().execute(FieldCasesTests::marker);
			}
			for (Stall stall = rig.takeEnded();; stall = rig.takeEnded()) {
				if (stall.startedAt().plus(stall.duration()).isAfter(instant)) {
					return (stall.startedAt().isBefore(instant) && !isMarker(stall)) ? stall : null;
				}
			}
		}

		@Override
		public String toString() {
			return this.kind + " (" + this.reports + ")";
		}

	}

	/**
	 * A case that is described by its samples and the resources used during the stall.
	 *
	 * @param kind a short description
	 * @param stall the samples and the resources used
	 * @param facts further facts about the stall
	 * @param expected the cause and the line
	 * @param advice the texts that the advice must contain
	 */
	private record Described(String kind, StallScenario stall, Set<String> facts, String expected,
			List<String> advice) {

		Described(String kind, StallScenario stall, Set<String> facts, String expected, String... advice) {
			this(kind, stall, facts, expected, List.of(advice));
		}

	}

}
