package io.github.eventloop.autoconfigure;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that details are shown on a developer's own machine, and not to clients that only
 * pretend to be there.
 */
class LocalDetailsIntegrationTests {

	private static final List<String> LOCAL_HOSTS = List.of("localhost", "localhost:8080", "LOCALHOST", "127.0.0.1",
			"127.0.0.1:80", "127.1.2.3", "[::1]", "[::1]:8080", "shop.localhost");

	private static final List<String> OTHER_HOSTS = List.of("example.com", "localhost.example.com", "127.0.0.1.nip.io",
			"10.0.0.1:8080", "[::2]", "[fe80::1]", "128.0.0.1", "", "my-localhost");

	private static final List<String> FORWARDING_HEADERS = List.of("X-Forwarded-For: 127.0.0.1",
			"x-forwarded-proto: https", "X-Forwarded-Host: localhost", "Forwarded: for=127.0.0.1;host=localhost",
			"X-Real-IP: 127.0.0.1", "Via: 1.1 proxy", "True-Client-IP: ::1", "CF-Connecting-IP: 127.0.0.1",
			"X-Original-URL: /", "X-Request-Id: 4bf92f35", "x-envoy-attempt-count: 1",
			"x-envoy-decorator-operation: shop:8080/*");

	private ConfigurableApplicationContext context;

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void whenRequestIsLocalShouldShowDetails() {
		start();
		assertThat(LOCAL_HOSTS).allSatisfy((host) -> assertThat(showsDetails("Host: " + host)).as(host).isTrue());
		assertThat(OTHER_HOSTS).allSatisfy((host) -> assertThat(showsDetails("Host: " + host)).as(host).isFalse());
		assertThat(FORWARDING_HEADERS)
			.allSatisfy((header) -> assertThat(showsDetails("Host: localhost", header)).as(header).isFalse());
	}

	@ParameterizedTest
	@ValueSource(strings = { "framework", "native" })
	void whenForwardingHeadersAreAppliedShouldNotTrustThem(String strategy) {
		start("server.forward-headers-strategy=" + strategy);
		assertThat(showsDetails("Host: localhost")).isTrue();
		assertThat(FORWARDING_HEADERS)
			.allSatisfy((header) -> assertThat(showsDetails("Host: localhost", header)).as(header).isFalse());
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.main.cloud-platform=kubernetes", "spring.main.cloud-platform=heroku",
			"management.endpoint.eventloop.show-details=when-authorized",
			"management.endpoint.eventloop.show-details=never" })
	void whenMachineIsNotADevelopersShouldShowNumbersOnly(String property) {
		start(property);
		assertThat(showsDetails("Host: localhost")).isFalse();
	}

	@Test
	void whenManagementPortIsSeparateShouldShowDetailsThere() {
		this.context = BlockableApplication.run("management.server.port=0", "management.server.address=127.0.0.1");
		int port = this.context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
		assertThat(showsDetails(port, "Host: localhost")).isTrue();
		assertThat(showsDetails(port, "Host: localhost", "X-Forwarded-For: 127.0.0.1")).isFalse();
	}

	private void start(String... properties) {
		this.context = BlockableApplication.run(properties);
	}

	private boolean showsDetails(String... headers) {
		return showsDetails(this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class),
				headers);
	}

	private static boolean showsDetails(int port, String... headers) {
		String response = RawRequest.get(port, "/actuator/eventloop/stalls", headers);
		assertThat(response).startsWith("HTTP/1.1 200");
		return !response.contains("\"hint\":");
	}

}
