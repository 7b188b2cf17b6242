package io.github.eventloop.stall.internal.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.TestStall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StallLog}.
 */
class StallLogTests {

	private static final Duration SHORT = Duration.ofMillis(312);

	private final List<String> lines = new ArrayList<>();

	private final List<Map<String, Object>> fields = new ArrayList<>();

	private final List<String> infos = new ArrayList<>();

	private final StallLog log = new StallLog(Duration.ofMinutes(1), new LogSink() {

		@Override
		public void warn(String message, Map<String, Object> fields) {
			StallLogTests.this.lines.add(message);
			StallLogTests.this.fields.add(fields);
		}

		@Override
		public void info(String message, Map<String, Object> fields) {
			StallLogTests.this.infos.add(message);
		}

	}, (stall) -> this.starting && stall.code().culprit() == null);

	private boolean starting;

	@Test
	void shouldLogWhatHappenedAndWhatToDo() {
		this.log.log(TestStall.of(7, "load", Duration.ZERO, SHORT));
		assertThat(this.lines).containsExactly("""
				Event loop loop-1 was blocked for 312 ms by SLEEPING at com.acme.Prices.load(Prices.java:42), \
				in a request to /prices/{id}, requests in flight on it: 3. Do not sleep.
					at java.lang.Thread.sleep(Native Method)
					at com.acme.Prices.load(Prices.java:42)""");
	}

	@Test
	void whenLoopComputedAndWaitedForCpuShouldLogBoth() {
		this.log.log(TestStall.starved(StallCause.COMPUTING, Duration.ofMillis(505), Duration.ofMillis(2_600)));
		assertThat(this.lines.get(0)).startsWith(
				"Event loop loop-1 was blocked for 3105 ms by COMPUTING at com.acme.Prices.sum(Prices.java:42), "
						+ "called from com.acme.Shop.show(Shop.java:7): "
						+ "it computed for 505 ms, it waited 2600 ms for a CPU (CPU limit)");
		assertThat(this.fields.get(0)).containsEntry("eventloop.stall.cpuMillis", 505L)
			.containsEntry("eventloop.stall.starvedMillis", 2_600L)
			.containsEntry("eventloop.stall.starvedBy", "CPU limit")
			.containsEntry("eventloop.stall.entry", "com.acme.Shop.show(Shop.java:7)");
	}

	@Test
	void whenLoopWasStarvedShouldLogReason() {
		this.log.log(TestStall.starved(StallCause.STARVED, Duration.ofMillis(60), Duration.ofMillis(440)));
		assertThat(this.lines.get(0))
			.startsWith("Event loop loop-1 was blocked for 500 ms by STARVED: it waited 440 ms for a CPU (CPU limit)");
	}

	@Test
	void whenThereIsNoCulpritShouldLogWhatTheLoopWasDoing() {
		this.log.log(TestStall.doing("org.springframework.web.Router", "lookup"));
		assertThat(this.lines.get(0)).startsWith("Event loop loop-1 was blocked for 200 ms by COMPUTING in "
				+ "org.springframework.web.Router.lookup(Unknown Source)");
		assertThat(this.fields.get(0)).containsKey("eventloop.stall.doing");
	}

	@ParameterizedTest
	@CsvSource({
			"FLOOD, 90, ': it started 90 tasks and requests and handled 1 ready channels, all from one connection'",
			"FLOOD, 0, ': it started 0 tasks and requests and handled 1 ready channels, all from one connection'",
			"COMPUTING, 1, ': all of it in messages from one connection'" })
	void whenAllCameFromOneConnectionShouldSaySo(StallCause cause, long tasksStarted, String part) {
		this.log.log(TestStall.ofOneConnection(cause, tasksStarted));
		assertThat(this.lines.get(0)).contains(part);
	}

	@Test
	void whenLoopHandledResponseShouldLogPeerAndComponent() {
		this.log.log(TestStall.handlingResponse("lettuce", "redis-1:6379"));
		assertThat(this.lines.get(0)).contains(", while handling a response from redis-1:6379 (lettuce). ");
		assertThat(this.fields.get(0)).containsEntry("eventloop.component", "lettuce")
			.containsEntry("eventloop.stall.peer", "redis-1:6379");
	}

	@Test
	void whenPeerIsNotKnownShouldLogComponent() {
		this.log.log(TestStall.handlingResponse("mongo", null));
		assertThat(this.lines.get(0)).contains(", on an event loop of mongo. ");
	}

	@Test
	void whenGatewayFilteredShouldLogRouteAndFilter() {
		this.log.log(TestStall.filtering("/prices/** (gateway route prices)", "ModifyResponseBody"));
		assertThat(this.lines.get(0))
			.contains(", in a request to /prices/** (gateway route prices), in the filter ModifyResponseBody. ");
		assertThat(this.fields.get(0)).containsEntry("eventloop.stall.filter", "ModifyResponseBody")
			.doesNotContainKey("eventloop.component");
	}

	@Test
	void shouldLogPartsAsFields() {
		this.log.log(TestStall.of(7, "load", Duration.ZERO, SHORT));
		assertThat(this.fields.get(0)).containsEntry("eventloop.stall.id", 7L)
			.containsEntry("eventloop.loop", "loop-1")
			.containsEntry("eventloop.group", "group")
			.containsEntry("eventloop.stall.durationMillis", 312L)
			.containsEntry("eventloop.stall.inProgress", false)
			.containsEntry("eventloop.stall.cause", "SLEEPING")
			.containsEntry("eventloop.stall.culprit", "com.acme.Prices.load(Prices.java:42)")
			.containsEntry("eventloop.stall.route", "/prices/{id}")
			.containsEntry("eventloop.stall.inFlightRequests", 3)
			.containsEntry("eventloop.stall.advice", "Do not sleep.")
			.containsEntry("eventloop.stall.suppressed", 0)
			.doesNotContainKey("eventloop.stall.traceId");
	}

	@Test
	void whenHotspotWasLoggedInTheIntervalShouldCountWhatIsLeftOut() {
		for (int second = 0; second < 60; second += 10) {
			this.log.log(TestStall.of(second, "load", Duration.ofSeconds(second), SHORT));
		}
		assertThat(this.lines).hasSize(1);
		this.log.log(TestStall.of(60, "load", Duration.ofSeconds(60), SHORT));
		assertThat(this.lines).hasSize(2);
		assertThat(this.lines.get(1)).contains("Similar stalls not logged since the last line: 5.").contains("\tat ");
		assertThat(this.fields.get(1)).containsEntry("eventloop.stall.suppressed", 5);
		this.log.log(TestStall.of(61, "load", Duration.ofSeconds(121), SHORT));
		assertThat(this.lines.get(2)).doesNotContain("not logged");
	}

	@Test
	void whenWallClockIsAdjustedShouldContinueLogging() {
		this.log.log(TestStall.of(1, "load", Duration.ZERO, SHORT));
		this.log.log(TestStall.of(2, "load", Duration.ofHours(-5), SHORT));
		this.log.log(TestStall.of(3, "load", Duration.ofHours(-5).plusSeconds(30), SHORT));
		this.log.log(TestStall.of(4, "load", Duration.ofHours(7), SHORT));
		assertThat(this.lines).hasSize(3);
		assertThat(this.lines.get(2)).contains("Similar stalls not logged since the last line: 1.");
	}

	@Test
	void whenHotspotDiffersShouldLogIt() {
		this.log.log(TestStall.of(1, "load", Duration.ZERO, SHORT));
		this.log.log(TestStall.of(2, "save", Duration.ZERO, SHORT));
		assertThat(this.lines).hasSize(2);
	}

	@Test
	void whenStallLastsShouldLogItAgainWithoutTheStackAndWhenItEnds() {
		this.log.log(TestStall.inProgress(1, "load", Duration.ZERO, Duration.ofSeconds(1)));
		this.log.log(TestStall.of(2, "load", Duration.ZERO, SHORT));
		this.log.log(TestStall.inProgress(1, "load", Duration.ZERO, Duration.ofSeconds(10)));
		this.log.log(TestStall.of(1, "load", Duration.ZERO, Duration.ofSeconds(12)));
		this.log.log(TestStall.of(3, "load", Duration.ofSeconds(1), SHORT));
		assertThat(this.lines).hasSize(3);
		assertThat(this.lines.get(0)).startsWith("Event loop loop-1 has been blocked for 1000 ms so far by SLEEPING")
			.contains("\tat ");
		assertThat(this.lines.get(1)).startsWith("Event loop loop-1 has been blocked for 10.0 s so far by SLEEPING")
			.doesNotContain("\n");
		assertThat(this.lines.get(2)).startsWith("Event loop loop-1 was blocked for 12.0 s by SLEEPING")
			.doesNotContain("\n");
	}

	@Test
	void whenStallsOfOneHotspotLastRepeatedlyShouldLogTheFirst() {
		for (int id = 0; id < 10; id++) {
			this.log.log(TestStall.inProgress(id, "load", Duration.ofSeconds(2L * id), Duration.ofSeconds(1)));
			this.log.log(TestStall.of(id, "load", Duration.ofSeconds(2L * id), Duration.ofMillis(1_100)));
		}
		assertThat(this.lines).hasSize(2);
		this.log.log(TestStall.of(11, "load", Duration.ofMinutes(2), SHORT));
		assertThat(this.fields.get(2)).containsEntry("eventloop.stall.suppressed", 9);
	}

	@Test
	void whenHotspotsAreManyShouldForgetTheOldest() {
		for (int i = 0; i < 1_000; i++) {
			this.log.log(TestStall.of(i, "method" + i, Duration.ZERO, SHORT));
		}
		assertThat(this.lines).hasSize(1_000);
		this.log.log(TestStall.of(1_001, "method999", Duration.ZERO, SHORT));
		assertThat(this.lines).hasSize(1_000);
		this.log.log(TestStall.of(1_002, "method0", Duration.ZERO, SHORT));
		assertThat(this.lines).hasSize(1_001);
	}

	@Test
	void whenFirstRequestsLoadClassesShouldLogOnceWithoutCulprit() {
		this.log.log(TestStall.loadingClasses(1, Duration.ofMillis(2_500), true));
		for (int id = 2; id < 9; id++) {
			this.log.log(TestStall.loadingClasses(id, Duration.ofMillis(id * 300L), false));
		}
		assertThat(this.lines).isEmpty();
		assertThat(this.infos).containsExactly("Event loop loop-1 was blocked for 600 ms by one of the first "
				+ "requests (/prices/{id}), which load classes. This is expected and logged once. To avoid it, "
				+ "exercise these code paths at start-up, before the application reports that it is ready.");
	}

	@ParameterizedTest
	@EnumSource(names = { "STARVED", "UNKNOWN", "WAITING", "LOCK", "GC", "COMPUTING" })
	void whenStallsAreExpectedShouldLogOneOfThem(StallCause cause) {
		this.starting = true;
		this.log.log(TestStall.withoutCulprit(1, cause, SHORT));
		this.log.log(TestStall.withoutCulprit(2, cause, SHORT));
		assertThat(this.lines).isEmpty();
		assertThat(this.infos).hasSize(1);
		this.log.log(TestStall.of(3, "load", Duration.ZERO, SHORT));
		assertThat(this.lines).hasSize(1);
		this.starting = false;
		this.log.log(TestStall.withoutCulprit(4, cause, SHORT));
		assertThat(this.lines).hasSize(2);
	}

	@Test
	void whenClassLoadingDoesNotEndShouldWarn() {
		this.log.log(TestStall.loadingClasses(1, Duration.ofSeconds(1), true));
		this.log.log(TestStall.loadingClasses(1, Duration.ofSeconds(10), true));
		assertThat(this.lines).hasSize(1);
	}

	@Test
	void whenNamesAreHostileShouldStayInOneLine() {
		this.log.log(TestStall.of(1, "load\n2026-01-01 ERROR forged\u001b[31m", Duration.ZERO, SHORT));
		String firstLine = this.lines.get(0).lines().findFirst().orElseThrow();
		assertThat(firstLine).contains("load?2026-01-01 ERROR forged?[31m").endsWith("Do not sleep.");
	}

}
