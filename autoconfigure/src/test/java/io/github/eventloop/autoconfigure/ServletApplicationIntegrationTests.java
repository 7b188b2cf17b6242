package io.github.eventloop.autoconfigure;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.health.EventLoopHealth;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a servlet application on Tomcat with a {@code WebClient}: what it measures,
 * what it leaves alone, and the HTTP interface of the endpoint.
 */
@Tag("servlet")
class ServletApplicationIntegrationTests {

	private static final String ENDPOINT = "/actuator/eventloop";

	private static ConfigurableApplicationContext context;

	@TempDir
	private static Path captures;

	private static Visitor visitor;

	@BeforeAll
	static void start() {
		context = ServletClientApplication.run("eventloop.drill.enabled=true", "eventloop.capture.enabled=true",
				"eventloop.capture.directory=" + captures, "eventloop.capture.stall-threshold=10m",
				"management.endpoint.health.probes.enabled=true", "management.endpoint.health.show-components=always");
		visitor = Visitor.of(context);
		visitor.get("/block/1");
	}

	@AfterAll
	static void close() {
		context.close();
	}

	@Test
	void captureShouldBeDownloadable() throws IOException {
		String name = "eventloop-20261201T010203456Z-1-stuck.jfr";
		Files.writeString(captures.resolve(name), "recording");
		assertThat(visitor.json(ENDPOINT + "/captures").at("/captures/0/name").asString()).isEqualTo(name);
		HttpResponse<String> response = visitor.get(ENDPOINT + "/captures/" + name);
		assertThat(response.body()).isEqualTo("recording");
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
		assertThat(visitor.status(ENDPOINT + "/captures/other.jfr")).isEqualTo(404);
	}

	@Test
	void stallOfClientShouldBeNamedWithItsLine() {
		// On a busy machine, the cause may be starvation instead of the sleep.
		JsonNode[] found = new JsonNode[1];
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
			visitor.get("/block/300");
			found[0] = visitor.json(ENDPOINT + "/stalls")
				.get("stalls")
				.valueStream()
				.filter((stall) -> stall.get("cause").asString().equals("SLEEPING"))
				.findFirst()
				.orElse(null);
			return found[0] != null;
		});
		assertThat(found[0].get("loop").asString()).startsWith("reactor-http-");
		assertThat(found[0].get("durationMillis").asDouble()).isGreaterThan(290);
		assertThat(found[0].at("/culprit/className").asString())
			.isEqualTo(ServletClientApplication.Calls.class.getName());
		assertThat(found[0].at("/culprit/methodName").asString()).isEqualTo("sleep");
		assertThat(found[0].at("/culprit/lineNumber").asInt()).isPositive();
		assertThat(visitor.json(ENDPOINT + "/stalls/" + found[0].get("id").asString()).has("stacks")).isTrue();
		assertThat(visitor.json(ENDPOINT + "/hotspots").get("hotspots").isEmpty()).isFalse();
		assertThat(visitor.send("GET", ENDPOINT + "/stalls", "", "Accept", "text/plain").body()).contains("sleep");
	}

	@Test
	void loopsShouldBeThoseOfTheClient() {
		JsonNode eventLoops = visitor.eventLoops();
		assertThat(eventLoops.get("loops").valueStream()).isNotEmpty()
			.allMatch((loop) -> loop.get("group").asString().equals("reactor-http"));
		assertThat(eventLoops.get("loops").valueStream().filter((loop) -> !loop.get("roles").isEmpty())).isNotEmpty()
			.allSatisfy((loop) -> {
				assertThat(loop.get("roles").valueStream().map(JsonNode::asString)).containsExactly("CLIENT");
				assertThat(loop.get("iterations").asLong()).isPositive();
				assertThat(loop.has("inFlightRequests")).isFalse();
			});
		JsonNode group = eventLoops.get("groups").get(0);
		assertThat(group.propertyNames()).containsExactly("name", "loops", "measurement");
		assertThat(group.get("measurement").asString()).isEqualTo("EXACT");
		assertThat(group.get("loops").asInt()).isEqualTo(eventLoops.get("loops").size());
		// Tomcat's threads are not Netty's.
		assertThat(eventLoops.get("unmeasured").valueStream().map((each) -> each.get("name").asString()))
			.noneMatch((name) -> name.startsWith("http-nio"));
	}

	@Test
	void pageAndItsDataShouldBeServed() {
		HttpResponse<String> page = visitor.send("GET", ENDPOINT, "", "Accept", "text/html,*/*;q=0.8");
		assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
		assertThat(page.body()).startsWith("<!doctype html>");
		assertThat(visitor.json(ENDPOINT + "/live").at("/eventLoops/loops").isEmpty()).isFalse();
		assertThat(visitor.json(ENDPOINT + "/history").has("epochMillis")).isTrue();
		assertThat(visitor.json(ENDPOINT + "/history").has("requests")).isFalse();
		assertThat(visitor.json(ENDPOINT + "/live").has("hint")).isFalse();
		String loop = visitor.eventLoops().at("/loops/0/name").asString();
		assertThat(visitor.json(ENDPOINT + "/loops/" + loop).get("name").asString()).isEqualTo(loop);
	}

	@Test
	void nothingShouldLeaveService() {
		assertThat(visitor.json("/actuator/health").at("/components").propertyNames()).doesNotContain("eventLoop");
		assertThat(context.containsBean("eventLoopProbeGroupsPostProcessor")).isFalse();
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> meters().contains("eventloop.lag") && context.getBean(EventLoopHealth.class) != null);
		assertThat(meters()).contains("eventloop.utilization", "eventloop.channels")
			.doesNotContain("eventloop.out.of.service", "eventloop.readiness.stays", "eventloop.requests.active",
					"eventloop.shed.requests", "eventloop.connections.waiting");
	}

	private static Set<String> meters() {
		return context.getBean(MeterRegistry.class)
			.getMeters()
			.stream()
			.map((meter) -> meter.getId().getName())
			.collect(Collectors.toSet());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			                    | GET,HEAD
			/history            | GET,HEAD
			/live               | GET,HEAD
			/stalls             | GET,HEAD,DELETE
			/stalls/1           | GET,HEAD
			/drill              | POST
			""")
	void whenMethodIsNotAllowedShouldListAllowedMethods(String path, String allowed) {
		String resource = ENDPOINT + ((path != null) ? path : "");
		Set<String> expected = new TreeSet<>(List.of(allowed.split(",")));
		for (String method : new String[] { "GET", "POST", "PUT", "PATCH", "DELETE" }) {
			if (!expected.contains(method)) {
				HttpResponse<String> response = visitor.send(method, resource, "");
				assertThat(response.statusCode()).as(method).isEqualTo(405);
				assertThat(allow(response)).as(method).isEqualTo(expected);
				assertIsProblem(response);
			}
		}
		HttpResponse<String> options = visitor.send("OPTIONS", resource, "");
		assertThat(options.statusCode()).isEqualTo(200);
		expected.add("OPTIONS");
		assertThat(allow(options)).isEqualTo(expected);
	}

	private static Set<String> allow(HttpResponse<String> response) {
		return Arrays.stream(response.headers().firstValue("Allow").orElseThrow().split(", *"))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			GET    | /nonsense                  | application/json | 404
			POST   | /nonsense                  | application/json | 404
			DELETE | /drill/1                   | application/json | 404
			GET    | /loops/none                | application/json | 404
			GET    | /stalls/0                  | application/json | 404
			GET    | /live?after=yesterday      | application/json | 400
			GET    | /history                   | text/plain       | 406
			GET    | /history                   | image/png        | 406
			GET    |                            | image/png        | 406
			PUT    |                            | text/html        | 405
			""")
	void errorsShouldBeProblemDetails(String method, String path, String accept, int status) {
		HttpResponse<String> response = visitor.send(method, ENDPOINT + ((path != null) ? path : ""), "", "Accept",
				accept);
		assertThat(response.statusCode()).isEqualTo(status);
		assertIsProblem(response);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{"millis":0}   | application/json | 400
			not json       | application/json | 400
			[1]            | application/json | 400
			millis=5       | text/plain       | 415
			""")
	void errorsOfDrillsShouldBeProblemDetails(String body, String contentType, int status) {
		HttpResponse<String> response = visitor.send("POST", ENDPOINT + "/drill", body, "Content-Type", contentType);
		assertThat(response.statusCode()).isEqualTo(status);
		assertIsProblem(response);
	}

	private static void assertIsProblem(HttpResponse<String> response) {
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		JsonNode problem = JsonMapper.shared().readTree(response.body());
		assertThat(problem.propertyNames()).containsExactly("title", "status", "detail");
		assertThat(problem.get("status").asInt()).isEqualTo(response.statusCode());
		assertThat(problem.get("detail").asString()).isNotBlank();
		assertIsProtected(response);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/history", "/stalls", "/stalls/1", "/live", "/nonsense", "/a/b/c", "/drill",
			";a=b/live", "/live;a=b" })
	void everyResponseShouldBeProtected(String path) {
		for (String accept : new String[] { "application/json", "text/html", "text/plain", "image/png", "*/*" }) {
			assertIsProtected(visitor.send("GET", ENDPOINT + path, "", "Accept", accept));
		}
		assertIsProtected(visitor.send("HEAD", ENDPOINT + path, ""));
		assertIsProtected(visitor.send("OPTIONS", ENDPOINT + path, ""));
	}

	private static void assertIsProtected(HttpResponse<String> response) {
		assertThat(response.headers().allValues("Vary")).as("Vary").contains("Accept");
		boolean page = response.headers().firstValue("Content-Type").orElse("").startsWith("text/html");
		assertThat(response.headers().allValues("Cache-Control")).as("Cache-Control")
			.containsExactly(page ? "private, no-cache" : "no-store");
		assertThat(response.headers().firstValue("ETag").isPresent()).as("ETag").isEqualTo(page);
		assertThat(response.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
		assertThat(response.headers().allValues("X-Frame-Options")).containsExactly("DENY");
		assertThat(response.headers().allValues("Content-Security-Policy")).containsExactly("frame-ancestors 'none'");
	}

	@Test
	void whenBrowserHasThePageShouldRespondNotModified() {
		HttpResponse<String> first = visitor.send("GET", ENDPOINT, "", "Accept", "text/html");
		String etag = first.headers().firstValue("ETag").orElseThrow();
		HttpResponse<String> second = visitor.send("GET", ENDPOINT, "", "Accept", "text/html", "If-None-Match", etag);
		assertThat(second.statusCode()).isEqualTo(304);
		assertThat(second.body()).isEmpty();
		assertThat(second.headers().allValues("Cache-Control")).containsExactly("private, no-cache");
		assertThat(second.headers().firstValue("ETag")).hasValue(etag);
		HttpResponse<String> other = visitor.send("GET", ENDPOINT, "", "Accept", "text/html", "If-None-Match",
				"\"other\"");
		assertThat(other.statusCode()).isEqualTo(200);
		assertThat(other.body()).isEqualTo(first.body());
		assertThat(visitor.send("GET", ENDPOINT + "/live", "", "If-None-Match", etag).statusCode()).isEqualTo(200);
		assertThat(visitor.send("GET", "/block/1", "", "If-None-Match", etag).statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator", "/actuator/health", "/loop", "/actuator/eventloops" })
	void otherResponsesShouldNotBeChanged(String path) {
		assertThat(visitor.get(path).headers().map()).doesNotContainKeys("cache-control", "x-frame-options");
	}

}
