package io.github.eventloop.autoconfigure;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitoredLoop;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the details that a servlet application with Spring Security shows to
 * different users.
 */
@Tag("secured-servlet")
class SecuredServletDetailsIntegrationTests {

	private static final String STALLS = "/actuator/eventloop/stalls";

	private ConfigurableApplicationContext context;

	private Visitor visitor;

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void whenAuthorizedShouldSeeDetails() {
		startAndStall();
		assertThat(seesDetails(null)).isFalse();
		assertThat(seesDetails("user")).isTrue();
		assertThat(seesDetails("auditor")).isTrue();
	}

	@Test
	void whenRolesAreConfiguredShouldShowDetailsToThemOnly() {
		startAndStall("management.endpoint.eventloop.roles=OPERATOR,AUDIT");
		assertThat(seesDetails(null)).isFalse();
		assertThat(seesDetails("user")).isFalse();
		assertThat(seesDetails("operator")).isTrue();
		assertThat(seesDetails("auditor")).isTrue();
	}

	@Test
	void whenNeverShouldNotShowDetails() {
		startAndStall("management.endpoint.eventloop.show-details=never");
		assertThat(seesDetails(null)).isFalse();
		assertThat(seesDetails("operator")).isFalse();
	}

	@Test
	void whenAlwaysShouldShowDetailsToAllUsers() {
		startAndStall("management.endpoint.eventloop.show-details=always",
				"management.endpoint.eventloop.roles=OPERATOR");
		assertThat(seesDetails(null)).isTrue();
		assertThat(seesDetails("user")).isTrue();
	}

	@Test
	void byDefaultShouldDenyAccess() {
		this.context = ServletClientApplication.run();
		this.visitor = Visitor.of(this.context);
		assertThat(this.visitor.status(STALLS)).isEqualTo(401);
	}

	private void startAndStall(String... properties) {
		this.context = ServletClientApplication.run(List.of(SecuredServletApplication.class), properties);
		this.visitor = Visitor.of(this.context);
		this.visitor.get("/block/1"); // Starts the loops.
		MonitoredLoop loop = this.context.getBean(EventLoopMonitor.class)
			.loop(this.visitor.eventLoops().at("/loops/0/name").asString())
			.orElseThrow();
		// On a busy machine, the cause of a stall may be starvation instead of the sleep.
		Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(500)).until(() -> {
			loop.execute(SecuredServletDetailsIntegrationTests::sleep);
			return sleepStall(null).isObject();
		});
	}

	private static void sleep() {
		try {
			Thread.sleep(200);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Whether the user sees details, which must be the same for all views. */
	private boolean seesDetails(@Nullable String user) {
		JsonNode listed = sleepStall(user);
		JsonNode alone = json(user, STALLS + "/" + listed.get("id").asString());
		JsonNode hotspots = json(user, "/actuator/eventloop/hotspots");
		int text = get(user, STALLS, "text/plain").statusCode();
		boolean visible = listed.has("culprit");
		assertThat(listed.has("stack")).isEqualTo(visible);
		assertThat(alone.has("stacks")).isEqualTo(visible);
		assertThat(alone.has("hint")).isEqualTo(!visible);
		assertThat(hotspots.get("hotspots").valueStream().anyMatch((hotspot) -> hotspot.has("culprit")))
			.isEqualTo(visible);
		assertThat(hotspots.has("hint")).isEqualTo(!visible);
		assertThat(text).isEqualTo(visible ? 200 : 403);
		return visible;
	}

	private JsonNode sleepStall(@Nullable String user) {
		return json(user, STALLS).get("stalls")
			.valueStream()
			.filter((stall) -> stall.get("cause").asString().equals("SLEEPING"))
			.filter((stall) -> !stall.get("inProgress").asBoolean())
			.findFirst()
			.orElse(JsonMapper.shared().nullNode());
	}

	private JsonNode json(@Nullable String user, String path) {
		return JsonMapper.shared().readTree(get(user, path, "application/json").body());
	}

	/**
	 * Send a request, and check that the headers of Spring Security and those of the
	 * endpoint do not interfere.
	 */
	private HttpResponse<String> get(@Nullable String user, String path, String accept) {
		HttpResponse<String> response = send(user, path, accept);
		assertThat(response.headers().allValues("X-Frame-Options")).containsExactly("DENY");
		assertThat(response.headers().allValues("Cache-Control")).singleElement().asString().contains("no-store");
		assertThat(response.headers().allValues("Vary")).contains("Accept");
		return response;
	}

	private HttpResponse<String> send(@Nullable String user, String path, String accept) {
		if (user == null) {
			return this.visitor.send("GET", path, "", "Accept", accept);
		}
		String credentials = Base64.getEncoder().encodeToString((user + ":pw").getBytes(StandardCharsets.UTF_8));
		return this.visitor.send("GET", path, "", "Accept", accept, "Authorization", "Basic " + credentials);
	}

}
