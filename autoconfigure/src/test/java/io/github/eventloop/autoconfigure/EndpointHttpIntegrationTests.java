package io.github.eventloop.autoconfigure;

import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the HTTP interface of the endpoint: methods, errors, headers and links.
 */
class EndpointHttpIntegrationTests {

	private static final String ENDPOINT = "/actuator/eventloop";

	private static ConfigurableApplicationContext context;

	private static ConfigurableApplicationContext readOnly;

	private static Visitor visitor;

	@BeforeAll
	static void start() {
		context = BlockableApplication.run("eventloop.drill.enabled=true");
		readOnly = BlockableApplication.run("management.endpoint.eventloop.access=read-only",
				"eventloop.drill.enabled=true");
		visitor = Visitor.of(context);
	}

	@AfterAll
	static void close() {
		context.close();
		readOnly.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			                    | GET,HEAD
			/diagnosis          | GET,HEAD
			/history            | GET,HEAD
			/hotspots           | GET,HEAD
			/blocking           | GET,HEAD
			/live               | GET,HEAD
			/stalls             | GET,HEAD,DELETE
			/stalls/1           | GET,HEAD
			/loops/main         | GET,HEAD
			/drill              | POST
			/captures           | GET,HEAD
			/captures/a.jfr     | GET,HEAD
			//stalls            | GET,HEAD,DELETE
			/live;x=1           | GET,HEAD
			/history?view=stalls | GET,HEAD
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

	@Test
	void whenAccessIsReadOnlyShouldListReadingMethods() {
		Visitor reader = Visitor.of(readOnly);
		assertThat(allow(reader.send("DELETE", ENDPOINT + "/stalls", ""))).isEqualTo(Set.of("GET", "HEAD"));
		HttpResponse<String> drill = reader.send("POST", ENDPOINT + "/drill", "{}", "Content-Type", "application/json");
		assertThat(drill.statusCode()).isEqualTo(405);
		assertThat(allow(drill)).isEmpty();
	}

	private static Set<String> allow(HttpResponse<String> response) {
		return Arrays.stream(response.headers().firstValue("Allow").orElseThrow().split(", *"))
			.filter((method) -> !method.isEmpty())
			.collect(Collectors.toCollection(TreeSet::new));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			GET    | /nonsense                  | application/json | 404
			PUT    | /nonsense                  | application/json | 404
			POST   | /nonsense                  | application/json | 404
			DELETE | /drill/1                   | application/json | 404
			GET    | /loops/none                | application/json | 404
			GET    | /stalls/0                  | application/json | 404
			GET    | /history?path&path=loops   | application/json | 404
			GET    | /captures                  | application/json | 404
			GET    | /captures/none             | application/json | 404
			GET    | /live?after=yesterday      | application/json | 400
			GET    | /history                   | text/plain       | 406
			GET    | /history                   | text/markdown    | 406
			GET    | /stalls                    | text/markdown    | 406
			GET    | /diagnosis                 | text/plain       | 406
			GET    |                            | text/markdown    | 406
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
		assertThat(problem.get("title").asString()).isNotBlank();
		assertThat(problem.get("detail").asString()).isNotBlank();
		assertIsProtected(response);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "/", "/diagnosis", "/history", "/stalls", "/stalls/1", "/hotspots", "/blocking", "/live",
					"/captures", "/captures/x", "/loops/x", "/nonsense", "/a/b/c", "/drill", ";a=b/live", "/live;a=b" })
	void everyResponseShouldBeProtected(String path) {
		for (String accept : new String[] { "application/json", "text/html", "text/plain", "image/png", "*/*" }) {
			assertIsProtected(visitor.send("GET", ENDPOINT + path, "", "Accept", accept));
		}
		assertIsProtected(visitor.send("HEAD", ENDPOINT + path, ""));
		assertIsProtected(visitor.send("OPTIONS", ENDPOINT + path, ""));
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
	}

	private static void assertIsProtected(HttpResponse<String> response) {
		assertThat(response.headers().allValues("Vary")).as("Vary").contains("Accept");
		boolean page = response.headers().firstValue("Content-Type").orElse("").startsWith("text/html");
		assertThat(response.headers().allValues("Cache-Control")).as("Cache-Control")
			.containsExactly(page ? "private, no-cache" : "no-store");
		assertThat(response.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
		assertThat(response.headers().allValues("X-Frame-Options")).containsExactly("DENY");
		assertThat(response.headers().allValues("Content-Security-Policy")).containsExactly("frame-ancestors 'none'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator", "/actuator/health", "/loop", "/actuator/eventloops" })
	void otherResponsesShouldNotBeChanged(String path) {
		assertThat(visitor.get(path).headers().map()).doesNotContainKeys("vary", "cache-control", "x-frame-options");
	}

	@Test
	void actuatorShouldLinkToEachView() {
		JsonNode links = visitor.json("/actuator").get("_links");
		String endpoint = links.at("/eventloop/href").asString();
		assertThat(endpoint).endsWith(":" + context.getEnvironment().getProperty("local.server.port") + ENDPOINT);
		assertThat(links.propertyNames()).filteredOn((name) -> name.startsWith("eventloop"))
			.containsExactly("eventloop", "eventloop-diagnosis", "eventloop-history", "eventloop-stalls",
					"eventloop-hotspots", "eventloop-blocking", "eventloop-live", "eventloop-loops-name",
					"eventloop-stalls-id", "eventloop-drill");
		assertThat(links.propertyNames()).contains("self", "health");
		links.propertyStream()
			.filter((link) -> link.getKey().startsWith("eventloop") && !link.getKey().equals("eventloop-drill")
					&& !link.getValue().get("templated").asBoolean())
			.map((link) -> link.getValue().get("href").asString().substring(endpoint.length()))
			.forEach((view) -> assertThat(visitor.status(ENDPOINT + view)).as(view).isEqualTo(200));
		assertThat(links.at("/eventloop-loops-name/href").asString()).isEqualTo(endpoint + "/loops/{name}");
		assertThat(links.at("/eventloop-loops-name/templated").asBoolean()).isTrue();
	}

}
