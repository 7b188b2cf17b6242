package io.github.eventloop.autoconfigure;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what another thread can read of the request that a loop is stuck in, with a
 * real server.
 */
class ExecutingRequestIntegrationTests {

	private static ConfigurableApplicationContext context;

	private final HttpClient client = HttpClient.newHttpClient();

	@BeforeAll
	static void start() {
		StuckApplication.recorders().clear();
		context = StuckApplication.run();
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@AfterEach
	void recordersShouldHaveNoRequest() {
		assertThat(StuckApplication.recorders()).isNotEmpty();
		Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
			assertThat(StuckApplication.recorders()).allMatch((recorder) -> recorder.request() == null);
			assertThat(StuckApplication.recorders()).allMatch((recorder) -> recorder.inFlightRequests() == 0);
		});
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			/orders/4711,     /orders/{id}
			/functional/4711, /functional/{id}
			/nowhere/4711,    /**
			/filtered/4711,   null
			""")
	void routeShouldBeTheTemplate(String path, String route) {
		assertThat(Visitor.of(context).get(path).body()).isEqualTo("route %s trace null", route);
	}

	@Test
	void whenHandlerWaitedForTheBodyRouteShouldBeKnown() throws Exception {
		// The server requests the body when the handler reads it.
		HttpResponse<String> response = this.client.send(post().version(HttpClient.Version.HTTP_1_1)
			.expectContinue(true)
			.POST(BodyPublishers.ofString("tea"))
			.build(), BodyHandlers.ofString());
		assertThat(response.body()).isEqualTo("tea: route /orders/{id} trace null");
	}

	@Test
	void whenBodyOfUnknownLengthComesOverHttp2RouteShouldBeKnown() throws Exception {
		// The client begins with HTTP/1.1 and requests an upgrade.
		this.client.send(HttpRequest.newBuilder(uri(context)).build(), BodyHandlers.ofString());
		HttpResponse<String> response = this.client.send(post()
			.POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream("tea".getBytes(StandardCharsets.UTF_8))))
			.build(), BodyHandlers.ofString());
		assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
		assertThat(response.body()).isEqualTo("tea: route /orders/{id} trace null");
	}

	@Test
	void whenSpringHandlesForwardedHeadersRouteShouldBeKnown() throws Exception {
		try (ConfigurableApplicationContext forwarded = StuckApplication.run(ForwardingConfiguration.class)) {
			HttpResponse<String> response = this.client.send(
					HttpRequest.newBuilder(uri(forwarded)).header("X-Forwarded-Host", "shop.example").build(),
					BodyHandlers.ofString());
			assertThat(response.body()).isEqualTo("route /orders/{id} trace null");
		}
	}

	private static HttpRequest.Builder post() {
		return HttpRequest.newBuilder(uri(context))
			.timeout(Duration.ofSeconds(60))
			.header("Content-Type", "text/plain");
	}

	private static URI uri(ConfigurableApplicationContext application) {
		return URI.create("http://127.0.0.1:%s/orders/4711"
			.formatted(application.getEnvironment().getRequiredProperty("local.server.port")));
	}

	/** As with {@code server.forward-headers-strategy=framework}. */
	@Configuration(proxyBeanMethods = false)
	static class ForwardingConfiguration {

		@Bean
		ForwardedHeaderTransformer forwardedHeaderTransformer() {
			return new ForwardedHeaderTransformer();
		}

	}

}
