package io.github.eventloop.autoconfigure;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.stall.Drill;
import io.github.eventloop.stall.StallCause;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the stalls that the endpoint shows, and for drills, with a real server.
 */
class StallViewsIntegrationTests {

	private static final String STALLS = "/actuator/eventloop/stalls";

	private static final String DRILL = "/actuator/eventloop/drill";

	private static ConfigurableApplicationContext context;

	/** Client whose loop is not stalled. */
	private static Visitor visitor;

	/** Client whose loop is stalled. */
	private static Visitor blocker;

	/** Name of the loop that is stalled. */
	private static String stalledLoop;

	private final ExecutorService executor = Executors.newCachedThreadPool();

	@BeforeAll
	static void start() {
		context = BlockableApplication.run("management.endpoint.eventloop.show-details=always",
				"eventloop.drill.enabled=true");
		Map<String, Visitor> visitors = new LinkedHashMap<>();
		for (int i = 0; i < 100 && visitors.size() < 2; i++) {
			Visitor each = Visitor.of(context);
			visitors.putIfAbsent(each.loop(), each);
		}
		assertThat(visitors).hasSize(2);
		List<String> loops = new ArrayList<>(visitors.keySet());
		visitor = visitors.get(loops.get(0));
		stalledLoop = loops.get(1);
		blocker = visitors.get(stalledLoop);
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@BeforeEach
	void forget() {
		awaitEndOfDrill();
		assertThat(visitor.send("DELETE", STALLS, "").statusCode()).isEqualTo(204);
	}

	@AfterEach
	void shutDown() {
		this.executor.shutdownNow();
	}

	@Test
	void whenHandlerBlocksShouldShowTheStallDuringAndAfterIt() {
		Instant before = Instant.now();
		this.executor.execute(() -> blocker.block(Duration.ofSeconds(2)));
		JsonNode stall = await(() -> blocked(true));
		assertThat(stall.propertyNames()).containsSubsequence("id", "loop", "group", "startedAt", "durationMillis",
				"inProgress", "cause", "culprit", "entry", "route", "inFlightRequests", "cpuMillis", "gcMillis",
				"starvedMillis", "events", "tasksStarted", "samples");
		assertThat(stall.get("id").isString()).isTrue();
		assertThat(stall.get("loop").asString()).isEqualTo(stalledLoop);
		assertThat(stall.get("group").asString()).isEqualTo("reactor-http");
		assertThat(Instant.parse(stall.get("startedAt").asString())).isBetween(before.minusMillis(1), Instant.now());
		assertThat(stall.get("durationMillis").asDouble()).isGreaterThanOrEqualTo(100);
		assertThat(stall.get("cause").asString()).isEqualTo("SLEEPING");
		assertThat(stall.get("culprit").propertyNames()).containsExactly("className", "methodName", "fileName",
				"lineNumber");
		assertThat(stall.at("/culprit/className").asString()).isEqualTo(BlockableApplication.class.getName());
		assertThat(stall.at("/culprit/methodName").asString()).startsWith("block");
		assertThat(stall.at("/culprit/lineNumber").asInt()).isPositive();
		assertThat(stall.get("route").asString()).isEqualTo("/block/{millis}");
		assertThat(stall.get("inFlightRequests").asInt()).isEqualTo(1);
		assertThat(stall.get("samples").asInt()).isPositive();
		assertThat(strings(stall.get("stack"))).anyMatch((frame) -> frame.startsWith("java.lang.Thread.sleep"))
			.anyMatch((frame) -> frame.contains("BlockableApplication.block"))
			.anyMatch((frame) -> frame.endsWith("framework frames"));
		assertThat(stall.has("stacks")).isFalse();
		assertThat(stall.has("hint")).isFalse();
		JsonNode ended = await(() -> blocked(false));
		assertThat(ended.get("id")).isEqualTo(stall.get("id"));
		assertThat(ended.get("startedAt")).isEqualTo(stall.get("startedAt"));
		assertThat(ended.get("durationMillis").asDouble()).isGreaterThanOrEqualTo(1990)
			.isGreaterThan(stall.get("durationMillis").asDouble());
		assertThat(visitor.json(STALLS).has("hint")).isFalse();
	}

	@Test
	void singleStallShouldHaveEverySampledStack() {
		blocker.block(Duration.ofMillis(300));
		JsonNode listed = await(() -> blocked(false));
		JsonNode stall = visitor.json(STALLS + "/" + listed.get("id").asString());
		assertThat(stall.get("id")).isEqualTo(listed.get("id"));
		assertThat(stall.get("stack")).isEqualTo(listed.get("stack"));
		assertThat(stall.get("stacks").size()).isPositive();
		assertThat(stall.get("stacks").valueStream()).allSatisfy((stack) -> {
			assertThat(stack.propertyNames()).containsExactly("cause", "samples", "millis", "stack");
			assertThat(strings(stack.get("stack"))).noneMatch((frame) -> frame.endsWith("framework frames"))
				.last()
				.asString()
				.startsWith("java.lang.Thread.run");
		});
		assertThat(stall.get("stacks").valueStream().mapToInt((stack) -> stack.get("samples").asInt()).sum())
			.isEqualTo(stall.get("samples").asInt());
		assertThat(stall.get("stacks").valueStream().mapToDouble((stack) -> stack.get("millis").asDouble()).sum())
			.isBetween(290.0, stall.get("durationMillis").asDouble() + 1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1", "999999999", "99999999999999999999999", "1e3", "x", "%3Cscript%3E", "01", "%20",
			"..%2F" })
	void whenIdIsUnknownShouldBeNotFound(String id) {
		HttpResponse<String> response = visitor.get(STALLS + "/" + id);
		assertThat(response.statusCode()).isEqualTo(404);
	}

	@Test
	void whenIdIsLongShouldNotRepeatAllOfIt() {
		HttpResponse<String> response = visitor.get(STALLS + "/" + "9".repeat(2000));
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(response.body()).hasSizeLessThan(400).contains("There is no stall '999").contains("...'");
	}

	@Test
	void hotspotsShouldGroupStallsByLine() {
		Instant before = Instant.now();
		blocker.block(Duration.ofMillis(200));
		blocker.block(Duration.ofMillis(300));
		blocker.block(Duration.ofMillis(200));
		JsonNode hotspot = await(() -> visitor.json("/actuator/eventloop/hotspots")
			.get("hotspots")
			.valueStream()
			.filter((each) -> isBlocked(each) && each.get("count").asInt() == 3));
		assertThat(hotspot.propertyNames()).startsWith("cause", "culprit", "entry", "count", "totalMillis", "maxMillis",
				"lastSeenAt", "lastStallId", "maxInFlightRequests", "routes");
		assertThat(hotspot.get("cause").asString()).isEqualTo("SLEEPING");
		assertThat(hotspot.get("maxMillis").asDouble()).isGreaterThanOrEqualTo(299);
		assertThat(hotspot.get("totalMillis").asDouble()).isGreaterThanOrEqualTo(699)
			.isLessThanOrEqualTo(3 * hotspot.get("maxMillis").asDouble());
		assertThat(Instant.parse(hotspot.get("lastSeenAt").asString())).isAfter(before);
		assertThat(strings(hotspot.get("routes"))).containsExactly("/block/{millis}");
		assertThat(visitor.status(STALLS + "/" + hotspot.get("lastStallId").asString())).isEqualTo(200);
	}

	@Test
	void stallsShouldBeListedNewestFirst() {
		blocker.block(Duration.ofMillis(150));
		blocker.block(Duration.ofMillis(150));
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> visitor.json(STALLS).get("stalls").size() >= 2);
		List<Long> ids = visitor.json(STALLS)
			.get("stalls")
			.valueStream()
			.map((stall) -> Long.valueOf(stall.get("id").asString()))
			.toList();
		assertThat(ids).isSortedAccordingTo((one, other) -> Long.compare(other, one));
	}

	@Test
	void whenTextIsAcceptedShouldCollapseStacks() {
		blocker.block(Duration.ofMillis(300));
		await(() -> blocked(false));
		HttpResponse<String> response = visitor.send("GET", STALLS, "", "Accept", "text/plain");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(contentType(response)).isEqualTo("text/plain;charset=UTF-8");
		List<String> lines = response.body().lines().toList();
		assertThat(lines).isNotEmpty()
			.allMatch((line) -> line.matches("[^; ]+(;[^; ]+)* [1-9]\\d*"))
			.filteredOn((line) -> line.contains("BlockableApplication.block"))
			.anySatisfy((line) -> {
				assertThat(line).startsWith("java.lang.Thread.run").contains(";java.lang.Thread.sleep");
				assertThat(line.indexOf("BlockableApplication.block")).isLessThan(line.indexOf("Thread.sleep"));
			});
		assertThat(lines.stream()
			.filter((line) -> line.contains("BlockableApplication.block"))
			.mapToLong((line) -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
			// A late sample may find the loop in its next iteration.
			.sum()).isGreaterThanOrEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					*/*                                                             | application/vnd.spring-boot.actuator.v3+json
					text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | application/vnd.spring-boot.actuator.v3+json
					application/json                                                | application/json
					application/json, text/plain                                    | application/json
					application/vnd.spring-boot.actuator.v3+json                    | application/vnd.spring-boot.actuator.v3+json
					""")
	void whenJsonIsAcceptedShouldAnswerWithIt(String accept, String expected) {
		for (String view : List.of("stalls", "hotspots", "history", "blocking")) {
			HttpResponse<String> response = visitor.send("GET", "/actuator/eventloop/" + view, "", "Accept", accept);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(contentType(response)).isEqualTo(expected);
			assertThat(JsonMapper.shared().readTree(response.body()).isObject()).isTrue();
		}
	}

	@Test
	void whenThereIsNoAcceptHeaderShouldAnswerWithJson() {
		assertThat(contentType(visitor.get(STALLS))).isEqualTo("application/vnd.spring-boot.actuator.v3+json");
	}

	@ParameterizedTest
	@CsvSource({ "'', 406", "/history, 406", "/hotspots, 406", "/blocking, 406", "/loops/{loop}, 406", "/stalls/0, 404",
			"/nonsense, 404", "/drill, 405" })
	void whenTextIsAcceptedForAnotherViewShouldFail(String view, int status) {
		String path = "/actuator/eventloop" + view.replace("{loop}", stalledLoop);
		HttpResponse<String> response = visitor.send("GET", path, "", "Accept", "text/plain");
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(contentType(response)).isEqualTo("application/problem+json");
		assertThat(message(response)).isNotBlank();
	}

	/** Security rules for the paths of single views can therefore be bypassed. */
	@ParameterizedTest
	@CsvSource({ "?path=stalls, text/plain", "/history?path=stalls, text/plain",
			"/history?path=stalls, application/json", "//stalls, application/json", "/stalls/, application/json" })
	void viewsShouldBeReachableByEquivalentPaths(String path, String accepted) {
		blocker.block(Duration.ofMillis(300));
		await(() -> blocked(false));
		HttpResponse<String> response = visitor.send("GET", "/actuator/eventloop" + path, "", "Accept", accepted);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).contains("BlockableApplication");
	}

	@Test
	void whenThereIsNoDetectorBlockingShouldSaySo() {
		JsonNode json = visitor.json("/actuator/eventloop/blocking");
		assertThat(json.propertyNames()).containsExactly("detector", "calls");
		assertThat(json.get("detector").asString()).isEqualTo("none");
		assertThat(json.get("calls").size()).isZero();
	}

	@Test
	void deleteShouldRemoveStallsAndHotspotsButKeepTheirTotals() {
		blocker.block(Duration.ofMillis(200));
		await(() -> blocked(false));
		long total = visitor.eventLoops().at("/stalls/total").asLong();
		assertThat(total).isPositive();
		HttpResponse<String> response = visitor.send("DELETE", STALLS, "");
		assertThat(response.statusCode()).isEqualTo(204);
		assertThat(response.body()).isEmpty();
		assertThat(stalls().filter(StallViewsIntegrationTests::isBlocked)).isEmpty();
		assertThat(visitor.json("/actuator/eventloop/hotspots").get("hotspots").valueStream())
			.noneMatch(StallViewsIntegrationTests::isBlocked);
		assertThat(visitor.eventLoops().at("/stalls/total").asLong()).isGreaterThanOrEqualTo(total);
	}

	@ParameterizedTest
	@ValueSource(strings = { "hotspots", "history", "nonsense" })
	void whenQueryReplacesWhatIsDeletedShouldListWhatCanBeDeleted(String view) {
		HttpResponse<String> response = visitor.send("DELETE", STALLS + "?view=" + view, "");
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(message(response)).isEqualTo("'" + view + "' cannot be deleted. Only stalls can be deleted.");
	}

	@ParameterizedTest
	@CsvSource({ "CPU, COMPUTING", "SLEEP, SLEEPING" })
	void drillShouldStallTheLoopAndBeDetected(Drill.Kind kind, StallCause cause) {
		String request = "{\"loop\":\"%s\",\"kind\":\"%s\",\"millis\":400}".formatted(stalledLoop, kind);
		HttpResponse<String> response = drill(request);
		assertThat(response.statusCode()).isEqualTo(202);
		assertThat(response.body()).isEqualTo(request);
		JsonNode stall = await(() -> drilled().filter((each) -> !each.get("inProgress").asBoolean()));
		assertThat(stall.get("loop").asString()).isEqualTo(stalledLoop);
		assertThat(stall.get("durationMillis").asDouble()).isGreaterThanOrEqualTo(399);
		if (!isStarved(stall)) {
			assertThat(stall.get("cause").asString()).isEqualTo(cause.name());
			assertThat(stall.at("/culprit/className").asString()).isEqualTo(Drill.class.getName());
		}
	}

	/** On a busy machine, a loop that computes may be starved of CPU. */
	private static boolean isStarved(JsonNode stall) {
		return stall.get("cause").asString().equals("STARVED");
	}

	@Test
	void whenDrillHasNoLoopOrKindShouldSleepOnALoopThatDoesNotAccept() {
		HttpResponse<String> response = drill("{\"millis\":\"150\"}");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
		JsonNode started = JsonMapper.shared().readTree(response.body());
		assertThat(started.get("kind").asString()).isEqualTo("SLEEP");
		JsonNode loop = visitor.json("/actuator/eventloop/loops/" + started.get("loop").asString());
		assertThat(strings(loop.get("roles"))).doesNotContain("ACCEPTOR");
		JsonNode stall = await(StallViewsIntegrationTests::drilled);
		assertThat(stall.get("loop")).isEqualTo(started.get("loop"));
	}

	@Test
	void whenDrillIsInProgressShouldRejectAnother() {
		MonitoredLoop loop = context.getBean(EventLoopMonitor.class).loop(stalledLoop).orElseThrow();
		CountDownLatch end = new CountDownLatch(1);
		loop.execute(() -> awaitEnd(end));
		try {
			assertThat(drill("{\"millis\":1,\"loop\":\"" + stalledLoop + "\"}").statusCode()).isEqualTo(202);
			HttpResponse<String> response = drill("{\"millis\":1}");
			assertThat(response.statusCode()).isEqualTo(409);
			assertThat(message(response)).isEqualTo("A drill is already running. Only one can run at a time.");
		}
		finally {
			end.countDown();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					{}                                          | 'millis' is missing: it must be a whole number from 1 to 10000.
					{"millis":null}                             | 'millis' is missing: it must be a whole number from 1 to 10000.
					{"millis":0}                                | 'millis' must be a whole number from 1 to 10000 but is '0'.
					{"millis":-5}                               | 'millis' must be a whole number from 1 to 10000 but is '-5'.
					{"millis":10001}                            | 'millis' must be a whole number from 1 to 10000 but is '10001'.
					{"millis":99999999999999999999}             | 'millis' must be a whole number from 1 to 10000 but is '99999999999999999999'.
					{"millis":1.5}                              | 'millis' must be a whole number from 1 to 10000 but is '1.5'.
					{"millis":"soon"}                           | 'millis' must be a whole number from 1 to 10000 but is 'soon'.
					{"millis":true}                             | 'millis' must be a whole number from 1 to 10000 but is 'true'.
					{"millis":5,"kind":"DISCO"}                 | 'kind' must be one of CPU, SLEEP but is 'DISCO'.
					{"millis":5,"kind":""}                      | 'kind' must be one of CPU, SLEEP but is ''.
					""",
			quoteCharacter = '`')
	void whenDrillIsInvalidShouldExplainTheError(String body, String message) {
		HttpResponse<String> response = drill(body);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(message(response)).isEqualTo(message);
	}

	@Test
	void whenDrillNamesAnUnknownLoopShouldListLoops() {
		HttpResponse<String> response = drill("{\"millis\":5,\"loop\":\"" + "x".repeat(5000) + "\"}");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(message(response)).startsWith("There is no event loop 'xxx")
			.contains("...'. Available event loops: ", stalledLoop)
			.hasSizeLessThan(1000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{", "[1]", "5", "\"x\"", "{\"millis\":{\"a\":1}}", "{\"millis\":[1]}" })
	void whenDrillIsNotAnObjectOfValuesShouldBeABadRequest(String body) {
		assertThat(drill(body).statusCode()).isEqualTo(400);
	}

	@Test
	void whenDrillIsNotJsonShouldBeRejected() {
		assertThat(visitor.send("POST", DRILL, "millis=5", "Content-Type", "application/x-www-form-urlencoded")
			.statusCode()).isEqualTo(415);
	}

	@Test
	void whenQueryReplacesWhatIsStartedShouldListWhatCanBeStarted() {
		HttpResponse<String> response = visitor.send("POST", DRILL + "?action=stalls", "{}", "Content-Type",
				"application/json");
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(message(response)).isEqualTo("There is no action 'stalls'. Available actions: drill.");
	}

	@Test
	void whenNamesInTheStackAreHostileShouldStayReadable() {
		Runnable hostile = HostileCode.sleeping(300);
		MonitoredLoop loop = context.getBean(EventLoopMonitor.class).loop(stalledLoop).orElseThrow();
		// On a busy machine, the loop may be starved for longer than it sleeps.
		JsonNode stall = await(() -> {
			loop.execute(hostile);
			awaitEnd(loop);
			return stalls().filter((each) -> !each.get("inProgress").asBoolean())
				.filter((each) -> each.at("/culprit/className").asString("").contains("Evil"));
		});
		JsonNode culprit = stall.get("culprit");
		assertThat(Stream.of(culprit.get("className"), culprit.get("methodName"), culprit.get("fileName"))
			.map(JsonNode::asString)).allMatch((name) -> name.matches("\\P{Cntrl}{1,400}"));
		assertThat(visitor.get(STALLS).body()).hasSizeLessThan(100_000);
		assertThat(visitor.send("GET", STALLS, "", "Accept", "text/plain").body().lines())
			.allMatch((line) -> line.matches("[^;\\s]+(;[^;\\s]+)* [1-9]\\d*"))
			.anyMatch((line) -> line.contains("Evil"));
	}

	private static HttpResponse<String> drill(String json) {
		return visitor.send("POST", DRILL, json, "Content-Type", "application/json");
	}

	/** Wait for a drill that another test may have started. */
	private static void awaitEndOfDrill() {
		MonitoredLoop loop = context.getBean(EventLoopMonitor.class).loop(stalledLoop).orElseThrow();
		Drill drill = context.getBean(Drill.class);
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> drill.start(loop, Duration.ofMillis(1), Drill.Kind.SLEEP));
		awaitEnd(loop);
	}

	/** Wait until the loop has executed all of its tasks. */
	private static void awaitEnd(MonitoredLoop loop) {
		CountDownLatch end = new CountDownLatch(1);
		loop.execute(end::countDown);
		awaitEnd(end);
	}

	private static void awaitEnd(CountDownLatch end) {
		try {
			end.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static JsonNode await(Supplier<Stream<JsonNode>> nodes) {
		return Awaitility.await()
			.pollInterval(Duration.ofMillis(50))
			.atMost(Duration.ofSeconds(60))
			.until(() -> nodes.get().findFirst(), Optional::isPresent)
			.orElseThrow();
	}

	private static Stream<JsonNode> stalls() {
		return visitor.json(STALLS).get("stalls").valueStream();
	}

	private static Stream<JsonNode> blocked(boolean inProgress) {
		return stalls().filter(StallViewsIntegrationTests::isBlocked)
			.filter((stall) -> stall.get("inProgress").asBoolean() == inProgress);
	}

	private static boolean isBlocked(JsonNode stallOrHotspot) {
		return stallOrHotspot.at("/culprit/className").asString("").equals(BlockableApplication.class.getName());
	}

	private static Stream<JsonNode> drilled() {
		return stalls()
			.filter((stall) -> strings(stall.get("stack")).stream().anyMatch((frame) -> frame.contains(".Drill.")));
	}

	private static List<String> strings(JsonNode array) {
		return array.valueStream().map(JsonNode::asString).toList();
	}

	private static String contentType(HttpResponse<String> response) {
		return response.headers().firstValue("Content-Type").orElseThrow();
	}

	private static String message(HttpResponse<String> response) {
		JsonNode json = JsonMapper.shared().readTree(response.body());
		assertThat(json.get("status").asInt()).isEqualTo(response.statusCode());
		return json.get("detail").asString();
	}

}
