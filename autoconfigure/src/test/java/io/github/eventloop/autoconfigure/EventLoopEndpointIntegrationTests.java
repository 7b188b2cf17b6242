package io.github.eventloop.autoconfigure;

import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.webflux.actuate.endpoint.web.WebFluxEndpointHandlerMapping;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for the endpoint in real applications, started as their {@code main} would.
 * {@code @SpringBootTest} would give each of them separate loops.
 */
class EventLoopEndpointIntegrationTests {

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	@AfterEach
	void close() {
		this.contexts.forEach(ConfigurableApplicationContext::close);
	}

	@Test
	void byDefaultShouldBeExposedWithHealth() {
		WebTestClient client = client(run());
		assertThat(status(client, "/actuator/eventloop")).isEqualTo(200);
		assertThat(status(client, "/actuator/health")).isEqualTo(200);
		assertThat(status(client, "/actuator/metrics")).isEqualTo(404);
	}

	@Test
	void whenUserIncludesAnotherEndpointShouldNotBeExposed() {
		WebTestClient client = client(run("management.endpoints.web.exposure.include=metrics"));
		assertThat(status(client, "/actuator/metrics")).isEqualTo(200);
		assertThat(status(client, "/actuator/eventloop")).isEqualTo(404);
	}

	@Test
	void whenUserIncludesItShouldBeExposed() {
		WebTestClient client = client(run("management.endpoints.web.exposure.include[0]=eventloop"));
		assertThat(status(client, "/actuator/eventloop")).isEqualTo(200);
		assertThat(status(client, "/actuator/health")).isEqualTo(404);
	}

	@Test
	void whenUserExcludesAnotherEndpointShouldNotBeExposed() {
		WebTestClient client = client(run("management.endpoints.web.exposure.exclude=env"));
		assertThat(status(client, "/actuator/health")).isEqualTo(200);
		assertThat(status(client, "/actuator/eventloop")).isEqualTo(404);
	}

	@Test
	void whenAccessIsNoneShouldNotBeAvailable() {
		WebTestClient client = client(run("management.endpoint.eventloop.access=none"));
		assertThat(status(client, "/actuator/eventloop")).isEqualTo(404);
	}

	@Test
	void whenDisabledShouldNotBeAvailable() {
		WebTestClient client = client(run("eventloop.enabled=false"));
		assertThat(status(client, "/actuator/eventloop")).isEqualTo(404);
		assertThat(status(client, "/actuator/health")).isEqualTo(200);
	}

	@Test
	void whenBasePathIsChangedShouldBeAvailable() {
		WebTestClient client = client(run("management.endpoints.web.base-path=/manage",
				"management.endpoints.web.path-mapping.eventloop=loops", "spring.webflux.base-path=/app"));
		assertThat(status(client, "/app/manage/loops")).isEqualTo(200);
		assertThat(status(client, "/app/manage/loops/history")).isEqualTo(200);
	}

	@Test
	void whenManagementPortIsSeparateShouldBeAvailableOnIt() {
		ConfigurableApplicationContext context = run("management.server.port=0");
		WebTestClient client = client(port(context, "local.management.port"));
		assertThat(status(client, "/actuator/eventloop")).isEqualTo(200);
		assertThat(status(client(context), "/actuator/eventloop")).isEqualTo(404);
		assertThat(names(json(client, "/actuator/eventloop"))).anyMatch((name) -> name.startsWith("reactor-http-"))
			.anyMatch((name) -> name.startsWith("management-http-"));
	}

	@Test
	void responseShouldBeAsDocumented() {
		ConfigurableApplicationContext context = run();
		WebTestClient client = client(context);
		for (int i = 0; i < 20; i++) {
			assertThat(status(client, "/hello")).isEqualTo(200);
		}
		JsonNode json = json(client, "/actuator/eventloop");
		assertThat(json.propertyNames()).containsExactly("status", "reason", "windowSeconds", "lag", "utilization",
				"pause", "stalls", "loops", "groups", "unmeasured");
		assertThat(json.get("status").asString()).isEqualTo("STARTING");
		assertThat(json.get("reason").asString()).isNotBlank();
		assertThat(json.get("lag").propertyNames()).containsExactly("meanMillis", "p50Millis", "p90Millis", "p99Millis",
				"maxMillis");
		assertThat(json.get("pause").propertyNames()).containsExactly("maxMillis", "totalMillis");
		assertThat(json.get("stalls").propertyNames()).containsExactly("total", "inProgress");
		JsonNode loop = json.get("loops").get(0);
		assertThat(propertiesOf(loop)).containsExactly("name", "group", "roles", "counted", "state", "busyMillis",
				"lag", "utilization", "cpuUtilization", "ioSeconds", "taskSeconds", "idleSeconds", "iterations",
				"events", "eventsWaiting", "pendingTasks", "channels", "inFlightRequests");
		assertThat(Stream.of("busyMillis", "utilization", "cpuUtilization", "ioSeconds", "idleSeconds", "iterations"))
			.allMatch((name) -> loop.get(name).isNumber());
		assertThat(json.get("loops").valueStream().mapToLong((each) -> each.get("events").asLong()).sum())
			.isGreaterThan(20);
		assertThat(json.get("loops").valueStream().flatMap((each) -> each.get("roles").valueStream()))
			.extracting(JsonNode::asString)
			.contains("ACCEPTOR", "SERVER");
		JsonNode same = json(client, "/actuator/eventloop/loops/" + loop.get("name").asString());
		assertThat(propertiesOf(same)).containsExactlyElementsOf(propertiesOf(loop));
		assertThat(same.get("name")).isEqualTo(loop.get("name"));
	}

	/** Return the properties of a loop, except for one that depends on its state. */
	private static List<String> propertiesOf(JsonNode loop) {
		return loop.propertyNames().stream().filter((name) -> !name.equals("connectionsWaiting")).toList();
	}

	@Test
	void historyShouldHoldAValuePerSecondAndColumn() {
		WebTestClient client = client(run());
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> json(client, "/actuator/eventloop/history").get("epochMillis").size() >= 2);
		JsonNode json = json(client, "/actuator/eventloop/history");
		assertThat(json.propertyNames()).containsExactly("intervalSeconds", "epochMillis", "lagP50Millis",
				"lagP99Millis", "lagMaxMillis", "utilization", "cpuUtilization", "processCpuUtilization", "pauseMillis",
				"requests", "loops");
		int seconds = json.get("epochMillis").size();
		assertThat(json.get("lagP99Millis").size()).isEqualTo(seconds);
		assertThat(json.get("loops").get(0).propertyNames()).containsExactly("name", "lagP99Millis", "lagMaxMillis",
				"utilization", "cpuUtilization");
		assertThat(json.get("loops").get(0).get("utilization").size()).isEqualTo(seconds);
	}

	@Test
	void historyShouldCountTheRequestsOfTheApplication() {
		ConfigurableApplicationContext context = run("management.server.port=0", "management.server.address=127.0.0.1");
		WebTestClient management = client(port(context, "local.management.port"));
		for (int i = 0; i < 20; i++) {
			assertThat(status(client(context), "/hello")).isEqualTo(200);
			assertThat(status(management, "/actuator/eventloop")).isEqualTo(200);
		}
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> json(management, "/actuator/eventloop/history").get("requests")
				.valueStream()
				.mapToLong(JsonNode::asLong)
				.sum() == 20);
	}

	@Test
	void historyShouldOnlyContainSecondsAfterTheGivenOne() {
		WebTestClient client = client(run());
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> json(client, "/actuator/eventloop/history").get("epochMillis").size() >= 2);
		long first = json(client, "/actuator/eventloop/history").at("/epochMillis/0").asLong();
		assertThat(json(client, "/actuator/eventloop/history?after=" + first).at("/epochMillis/0").asLong())
			.isGreaterThan(first);
	}

	@ParameterizedTest
	@ValueSource(strings = { "history?after=yesterday", "live?after=yesterday&position=1",
			"live?after=1&position=yesterday" })
	void whenParameterIsNotANumberShouldExplainTheError(String view) {
		client(run()).get()
			.uri("/actuator/eventloop/" + view)
			.exchange()
			.expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.detail")
			.value((String message) -> assertThat(message).containsPattern("'(after|position)' must be a whole number")
				.endsWith("but is 'yesterday'."));
	}

	@Test
	void liveShouldContainWhatIsNew() {
		WebTestClient client = client(run());
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> json(client, "/actuator/eventloop/live").at("/history/epochMillis").size() >= 1);
		JsonNode first = json(client, "/actuator/eventloop/live");
		assertThat(first.propertyNames()).containsExactly("instance", "application", "eventLoops", "history",
				"statusChanges", "position", "complete", "stalls", "hotspots");
		assertThat(first.get("complete").asBoolean()).isTrue();
		assertThat(first.at("/eventLoops/status").asString()).isEqualTo("STARTING");
		long newest = first.at("/history/epochMillis").valueStream().mapToLong(JsonNode::asLong).max().orElseThrow();
		JsonNode next = json(client,
				"/actuator/eventloop/live?after=" + newest + "&position=" + first.get("position").asLong());
		assertThat(next.get("complete").asBoolean()).isFalse();
		assertThat(next.get("instance")).isEqualTo(first.get("instance"));
		assertThat(next.has("application")).isFalse();
		assertThat(next.at("/history/epochMillis").valueStream()).allMatch((end) -> end.asLong() > newest);
	}

	/** Figures of another instant would hardly agree in five different seconds. */
	@Test
	void liveShouldContainTheFiguresThatTheReasonQuotes() {
		WebTestClient client = client(run("eventloop.health.startup-grace=0s"));
		Set<String> agreed = new HashSet<>();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
			JsonNode loops = json(client, "/actuator/eventloop/live").get("eventLoops");
			Matcher quoted = Pattern.compile("lag p99 ([\\d.]+) ms over ([\\d.]+) s")
				.matcher(loops.get("reason").asString());
			if (quoted.matches()) {
				double unit = quoted.group(1).contains(".") ? 0.1 : 1;
				assertThat(loops.at("/lag/p99Millis").asDouble()).isCloseTo(Double.parseDouble(quoted.group(1)),
						within(unit / 2 + 0.001));
				assertThat(loops.get("windowSeconds").asDouble()).isCloseTo(Double.parseDouble(quoted.group(2)),
						within(0.051));
				agreed.add(loops.get("reason").asString());
			}
			return agreed.size() == 5;
		});
	}

	@Test
	void liveShouldContainTheChangesOfTheStatus() {
		WebTestClient client = client(run("eventloop.health.startup-grace=0s"));
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> !json(client, "/actuator/eventloop/live").get("statusChanges").isEmpty());
		JsonNode change = json(client, "/actuator/eventloop/live").get("statusChanges").get(0);
		assertThat(change.get("from").asString()).isEqualTo("STARTING");
		assertThat(change.get("to").asString()).isIn("HEALTHY", "DEGRADED");
		Instant later = Instant.parse(change.get("at").asString()).plusSeconds(2);
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> newestSecond(client).isAfter(later));
		assertThat(json(client, "/actuator/eventloop/live?after=" + newestSecond(client).toEpochMilli())
			.get("statusChanges")
			.valueStream()).noneMatch((each) -> each.get("at").equals(change.get("at")));
	}

	private static Instant newestSecond(WebTestClient client) {
		return json(client, "/actuator/eventloop/live").at("/history/epochMillis")
			.valueStream()
			.map((end) -> Instant.ofEpochMilli(end.asLong()))
			.max(Comparator.naturalOrder())
			.orElseThrow();
	}

	@Test
	void liveShouldTellWhichApplicationItIs() {
		JsonNode application = application("spring.application.name=shop", "POD_NAME=shop-1", "HOSTNAME=node-7",
				"spring.application.version=1.4");
		assertThat(application.propertyNames()).containsExactly("name", "startedAt", "host", "version");
		assertThat(application.get("name").asString()).isEqualTo("shop");
		assertThat(Instant.parse(application.get("startedAt").asString())).isBefore(Instant.now());
		assertThat(application.get("host").asString()).isEqualTo("shop-1");
		assertThat(application.get("version").asString()).isEqualTo("1.4");
	}

	@Test
	void whenDetailsAreHiddenLiveShouldNotContainHostAndVersion() {
		JsonNode application = application("spring.application.name=shop", "POD_NAME=shop-1",
				"spring.application.version=1.4", "management.endpoint.eventloop.show-details=never");
		assertThat(application.propertyNames()).containsExactly("name", "startedAt");
	}

	@Test
	void whenApplicationIsUnknownLiveShouldContainItsStart() {
		assertThat(application("POD_NAME=", "HOSTNAME=", "spring.application.version=").propertyNames())
			.containsExactly("startedAt");
	}

	private JsonNode application(String... properties) {
		return json(client(run(properties)), "/actuator/eventloop/live").get("application");
	}

	@Test
	void identicalRequestsShouldShareOneResponseForHalfASecond() {
		WebTestClient client = client(run());
		assertThat(json(client, "/actuator/eventloop")).as("each iteration counts")
			.isNotEqualTo(json(client, "/actuator/eventloop"));
		for (String view : List.of("live", "history", "live?after=" + System.currentTimeMillis() + "&position=1")) {
			String path = "/actuator/eventloop/" + view;
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.until(() -> json(client, path).equals(json(client, path)));
			JsonNode shared = json(client, path);
			Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !json(client, path).equals(shared));
		}
	}

	@Test
	void whenBrowserRequestsHtmlShouldShowThePage() {
		ConfigurableApplicationContext context = run("management.endpoints.web.base-path=/manage");
		String browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
		client(context).get()
			.uri("/manage/eventloop")
			.header("Accept", browser)
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentType("text/html;charset=UTF-8")
			.expectBody(String.class)
			.value((html) -> assertThat(html).startsWith("<!doctype html>").contains("Content-Security-Policy"));
		client(context).get()
			.uri("/manage/eventloop/history")
			.header("Accept", browser)
			.exchange()
			.expectHeader()
			.value("Content-Type", (type) -> assertThat(type).contains("json"));
	}

	@Test
	void whenNameIsUnknownShouldListNames() {
		WebTestClient client = client(run());
		client.get()
			.uri("/actuator/eventloop/loops/{name}", "<script>alert(1)</script>")
			.exchange()
			.expectStatus()
			.isNotFound()
			.expectHeader()
			.value("Content-Type", (type) -> assertThat(type).contains("json"))
			.expectBody()
			.jsonPath("$.detail")
			.value((String message) -> assertThat(message).startsWith(
					"There is no event loop '<script>alert(1)</script>'. Available event loops: reactor-http-"));
	}

	@ParameterizedTest
	@CsvSource({ "nonsense, nonsense", "loops, loops", "history/7, history/7", "a/b/c, a/b/c", "'', ''",
			"history?path&path=loops, null/loops", "history?path=loops&path, loops/null" })
	void whenViewIsUnknownShouldListViews(String path, String named) {
		client(run()).get()
			.uri("/actuator/eventloop/" + path)
			.exchange()
			.expectStatus()
			.isNotFound()
			.expectBody()
			.jsonPath("$.detail")
			.isEqualTo("There is no view '" + named
					+ "'. Available views: diagnosis, history, stalls, hotspots, blocking, captures, live, loops/{name}, stalls/{id}, "
					+ "captures/{name}.");
	}

	@Test
	void shouldMapAsFewOperationsAsPossible() {
		// WebFlux compares each request on the port with each of them.
		ConfigurableApplicationContext context = run();
		List<String> operations = context.getBean(WebFluxEndpointHandlerMapping.class)
			.getHandlerMethods()
			.keySet()
			.stream()
			.map(RequestMappingInfo::toString)
			.filter((operation) -> operation.contains("/eventloop"))
			.toList();
		assertThat(operations).hasSize(4)
			.filteredOn((operation) -> operation.contains("GET"))
			.hasSize(2)
			.anyMatch((operation) -> operation.contains("/actuator/eventloop/{*path}"));
	}

	@Test
	void inFlightRequestsShouldBeCountedByLoop() {
		ConfigurableApplicationContext context = run();
		WebTestClient client = client(context);
		Mono<String> slow = WebClient.create("http://127.0.0.1:" + port(context, "local.server.port"))
			.get()
			.uri("/slow")
			.retrieve()
			.bodyToMono(String.class);
		reactor.core.Disposable request = slow.subscribe();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> inFlight(client) == 2);
		request.dispose();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> inFlight(client) == 1);
	}

	/** Includes the request that reads the number. */
	private static long inFlight(WebTestClient client) {
		return json(client, "/actuator/eventloop").get("loops")
			.valueStream()
			.mapToLong((loop) -> loop.get("inFlightRequests").asLong())
			.sum();
	}

	@Test
	void whenContextIsRestartedShouldShowTheNewLoops() {
		ConfigurableApplicationContext context = run();
		List<String> before = names(json(client(context), "/actuator/eventloop"));
		context.stop();
		context.start();
		JsonNode after = json(client(context), "/actuator/eventloop");
		assertThat(names(after)).hasSameSizeAs(before).allMatch((name) -> name.startsWith("reactor-http-"));
		assertThat(after.get("loops").valueStream())
			.anyMatch((loop) -> loop.get("state").asString().equals("BUSY") || loop.get("iterations").asLong() > 0);
	}

	@Test
	void whenTwoContextsAreOpenShouldBothShowTheSharedLoops() {
		ConfigurableApplicationContext first = run();
		ConfigurableApplicationContext second = run();
		assertThat(names(json(client(second), "/actuator/eventloop")))
			.isEqualTo(names(json(client(first), "/actuator/eventloop")));
	}

	private ConfigurableApplicationContext run(String... properties) {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(TestApplication.class)
			.web(WebApplicationType.REACTIVE)
			.properties("spring.main.banner-mode=off")
			// Reactor Netty 1.3.7 may lose a request on a kept connection (its issue
			// 4361).
			.run(Stream
				.concat(Stream.of("server.port=0", "server.address=127.0.0.1",
						"spring.reactor.netty.shutdown-quiet-period=0s"), Arrays.stream(properties))
				.map((property) -> "--" + property)
				.toArray(String[]::new));
		this.contexts.add(context);
		return context;
	}

	private static WebTestClient client(ConfigurableApplicationContext context) {
		return client(port(context, "local.server.port"));
	}

	private static WebTestClient client(int port) {
		// Uses threads of its own, because the loops of Reactor Netty are under test.
		HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
		return WebTestClient.bindToServer(new JdkClientHttpConnector(client))
			.baseUrl("http://127.0.0.1:" + port)
			.responseTimeout(Duration.ofSeconds(20))
			.build();
	}

	private static int port(ConfigurableApplicationContext context, String name) {
		return context.getEnvironment().getRequiredProperty(name, Integer.class);
	}

	private static int status(WebTestClient client, String path) {
		return client.get().uri(path).exchange().expectBody().returnResult().getStatus().value();
	}

	private static JsonNode json(WebTestClient client, String path) {
		EntityExchangeResult<String> result = client.get()
			.uri(path)
			.accept(MediaType.APPLICATION_JSON)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.returnResult();
		return JsonMapper.shared().readTree(result.getResponseBody());
	}

	private static List<String> names(JsonNode json) {
		return json.get("loops").valueStream().map((loop) -> loop.get("name").asString()).toList();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TestApplication {

		@Bean
		RouterFunction<ServerResponse> routes() {
			return RouterFunctions.route()
				.GET("/hello", (request) -> ServerResponse.ok().bodyValue("hello"))
				.GET("/slow", (request) -> Mono.delay(Duration.ofSeconds(30)).then(ServerResponse.ok().build()))
				.build();
		}

	}

}
