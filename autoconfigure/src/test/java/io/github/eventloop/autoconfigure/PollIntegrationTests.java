package io.github.eventloop.autoconfigure;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.jackson.EndpointJsonMapper;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.WebFilter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the request that each open page sends once a second, in an application
 * without Spring Security.
 */
class PollIntegrationTests {

	private static final String LIVE = "/actuator/eventloop/live";

	private static final String POLL = LIVE + "?after=0&position=0";

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	private ConfigurableApplicationContext context;

	@AfterEach
	void close() {
		this.context.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "server.port=0", "management.server.port=0",
			"eventloop.management.match-base-path-first=false" })
	void pollShouldBeAnsweredAsByTheOperationButWithoutIt(String property) {
		Visitor visitor = start(property);
		HttpResponse<String> poll = poll(visitor, POLL);
		assertThat(invocations()).isZero();
		HttpResponse<String> operation = poll(visitor, POLL + "&x=1");
		assertThat(invocations()).isEqualTo(1);
		assertThat(poll.statusCode()).isEqualTo(operation.statusCode()).isEqualTo(200);
		assertThat(headers(poll)).isEqualTo(headers(operation)).containsKeys("cache-control", "x-frame-options");
		assertThat(json(poll).propertyNames()).isEqualTo(json(operation).propertyNames());
		assertThat(json(poll).at("/eventLoops/loops/0").propertyNames())
			.isEqualTo(json(operation).at("/eventLoops/loops/0").propertyNames());
		assertThat(poll.headers().firstValue("Content-Length"))
			.hasValue(String.valueOf(poll.body().getBytes(StandardCharsets.UTF_8).length));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			GET  | /live?after=0                       | application/json      | Accept
			GET  | /live                               | application/json      | Accept
			GET  | /live?after=0&after=0&position=0    | application/json      | Accept
			GET  | /live?after=0&position=0&path=stalls | application/json     | Accept
			GET  | /live/?after=0&position=0           | application/json      | Accept
			GET  | /live;a=b?after=0&position=0        | application/json      | Accept
			GET  | /history?after=0&position=0         | application/json      | Accept
			GET  | /live?after=0&position=0            | application/json, */* | Accept
			GET  | /live?after=0&position=0            | https://shop.example  | Origin
			HEAD | /live?after=0&position=0            | application/json      | Accept
			""")
	void otherRequestsShouldBeLeftToTheOperation(String method, String path, String value, String header) {
		Visitor visitor = start();
		String[] headers = header.equals("Accept") ? new String[] { header, value }
				: new String[] { "Accept", "application/json", header, value };
		int status = visitor.send(method, "/actuator/eventloop" + path, "", headers).statusCode();
		assertThat(status == 403 || invocations() == 1).as("status %d, %d invocations", status, invocations()).isTrue();
	}

	@Test
	void whenParameterIsInvalidShouldExplainTheError() {
		Visitor visitor = start();
		HttpResponse<String> response = poll(visitor, LIVE + "?after=yesterday&position=0");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(json(response).get("detail").asString()).contains("'after' must be a whole number");
		assertThat(invocations()).isZero();
	}

	@Test
	void tenReadersShouldCauseOneEncoding() {
		start();
		List<Visitor> readers = IntStream.range(0, 10).mapToObj((i) -> Visitor.of(this.context)).toList();
		readers.forEach((reader) -> poll(reader, POLL));
		AtomicInteger encodings = this.context.getBean(Counters.class).encodings;
		// They share an answer only if they arrive within half a second.
		Awaitility.await().atMost(TIMEOUT).until(() -> {
			int before = encodings.get();
			Set<String> bodies = together(readers.stream());
			return bodies.size() == 1 && encodings.get() - before == 1;
		});
	}

	private static Set<String> together(Stream<Visitor> readers) {
		List<CompletableFuture<String>> bodies = readers
			.map((reader) -> CompletableFuture.supplyAsync(() -> poll(reader, POLL).body()))
			.toList();
		return bodies.stream().map(CompletableFuture::join).collect(Collectors.toSet());
	}

	@ParameterizedTest
	@ValueSource(strings = { "server.port=0", "management.server.port=0" })
	void readersWithDifferentRightsShouldNeverShareAnAnswer(String property) {
		start(property);
		Visitor visitor = Visitor.of(this.context);
		int port = port();
		// On a busy machine, a single stall may be starved of CPU and have no culprit.
		Awaitility.await().atMost(TIMEOUT).until(() -> {
			visitor.block(Duration.ofMillis(200));
			return RawRequest.get(port, POLL, "Host: localhost").contains("\"culprit\":");
		});
		List<CompletableFuture<Void>> readers = new ArrayList<>();
		for (String host : List.of("localhost", "shop.example", "localhost", "shop.example")) {
			readers.add(CompletableFuture.runAsync(() -> {
				for (int i = 0; i < 50; i++) {
					String response = RawRequest.get(port, POLL, "Host: " + host);
					assertThat(response).startsWith("HTTP/1.1 200");
					assertThat(response.contains("\"hint\":")).as(host).isEqualTo(!host.equals("localhost"));
					assertThat(response.contains("\"culprit\":")).as(host).isEqualTo(host.equals("localhost"));
				}
			}));
		}
		readers.forEach(CompletableFuture::join);
		assertThat(invocations()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "server.port=0", "management.server.port=0",
			"eventloop.management.match-base-path-first=false" })
	void whenFilterOfTheApplicationDeniesAccessShouldNotRespond(String property) {
		this.context = BlockableApplication.run(List.of(Counters.class, Denial.class), property);
		HttpResponse<String> response = poll(new Visitor(port()), POLL);
		assertThat(response.statusCode()).isEqualTo(403);
		assertThat(response.body()).isEmpty();
	}

	@Test
	void whenApplicationEncodesAnswersShouldBeLeftToTheOperation() {
		this.context = BlockableApplication.run(List.of(Advice.class),
				"management.endpoints.jackson.isolated-json-mapper=false");
		HttpResponse<String> response = poll(new Visitor(port()), POLL);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(json(response).has("eventLoops")).isTrue();
		assertThat(this.context.getBean(Advice.class).invocations).hasValue(1);
	}

	@Test
	void metersShouldHaveTheSameTags() {
		Visitor visitor = start("management.defaults.metrics.export.enabled=true");
		poll(visitor, POLL);
		assertThat(invocations()).isZero();
		Set<List<?>> tags = requestTags(1);
		poll(visitor, POLL + "&x=1");
		assertThat(requestTags(2)).isEqualTo(tags);
	}

	private Set<List<?>> requestTags(long count) {
		MeterRegistry registry = this.context.getBean(MeterRegistry.class);
		Awaitility.await()
			.atMost(TIMEOUT)
			.until(() -> registry.find("http.server.requests")
				.timers()
				.stream()
				.mapToLong((timer) -> timer.count())
				.sum() == count);
		return registry.find("http.server.requests")
			.timers()
			.stream()
			.map(Meter::getId)
			.map(Meter.Id::getTags)
			.collect(Collectors.toSet());
	}

	private Visitor start(String... properties) {
		this.context = BlockableApplication.run(List.of(Counters.class, Advice.class), properties);
		return new Visitor(port());
	}

	private int port() {
		String management = this.context.getEnvironment().getProperty("local.management.port");
		return (management != null) ? Integer.parseInt(management)
				: this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	private int invocations() {
		return this.context.getBean(Advice.class).invocations.get();
	}

	private static HttpResponse<String> poll(Visitor visitor, String path) {
		return visitor.send("GET", path, "", "Accept", "application/json", "X-Requested-With", "XMLHttpRequest");
	}

	private static Map<String, List<String>> headers(HttpResponse<String> response) {
		Map<String, List<String>> headers = new TreeMap<>(response.headers().map());
		headers.keySet().removeAll(Set.of("content-length", "date"));
		return headers;
	}

	private static JsonNode json(HttpResponse<String> response) {
		return JsonMapper.shared().readTree(response.body());
	}

	/**
	 * Counts the answers that are encoded.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Counters {

		private final AtomicInteger encodings = new AtomicInteger();

		@Bean
		@Primary
		EndpointJsonMapper countingMapper(@Qualifier("endpointJsonMapper") EndpointJsonMapper mapper) {
			return () -> {
				this.encodings.incrementAndGet();
				return mapper.get();
			};
		}

	}

	/**
	 * Counts the invocations of operations of the endpoint.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Advice {

		private final AtomicInteger invocations = new AtomicInteger();

		@Bean
		OperationInvokerAdvisor countingAdvisor() {
			return (id, type, parameters, invoker) -> (invocation) -> {
				this.invocations.incrementAndGet();
				return invoker.invoke(invocation);
			};
		}

	}

	/**
	 * Filter without an order, which comes last.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Denial {

		@Bean
		WebFilter denyingFilter() {
			return (exchange, chain) -> {
				exchange.getResponse().setStatusCode(HttpStatus.FORBIDDEN);
				return exchange.getResponse().setComplete();
			};
		}

	}

}
