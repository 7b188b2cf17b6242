package io.github.eventloop.autoconfigure;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for external event loops of a real application: endpoint, health, stalls and
 * meters.
 */
class ExternalLoopsIntegrationTests {

	private static final String LOOP = "driver-1";

	private final CountDownLatch release = new CountDownLatch(1);

	private ConfigurableApplicationContext context;

	private WebTestClient client;

	@BeforeEach
	void start() {
		this.context = new SpringApplicationBuilder(TestApplication.class).web(WebApplicationType.REACTIVE)
			.run("--server.port=0", "--server.address=127.0.0.1", "--spring.reactor.netty.shutdown-quiet-period=0s",
					"--eventloop.health.leave-within=0s", "--spring.main.banner-mode=off",
					"--eventloop.health.stuck-after=500ms", "--management.endpoint.eventloop.show-details=always");
		// Uses threads of its own, because the loops of Reactor Netty are under test.
		HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
		this.client = WebTestClient.bindToServer(new JdkClientHttpConnector(http))
			.baseUrl("http://127.0.0.1:" + this.context.getEnvironment().getProperty("local.server.port"))
			.responseTimeout(Duration.ofSeconds(20))
			.build();
		group().submit(() -> {
		}).syncUninterruptibly();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> state().equals("IDLE"));
	}

	@AfterEach
	void close() {
		this.release.countDown();
		this.context.close();
	}

	@Test
	void endpointShouldMarkThemAsApproximateAndOmitUnknownValues() {
		JsonNode loop = json("/actuator/eventloop/loops/" + LOOP);
		assertThat(loop.get("approximate").asBoolean()).isTrue();
		assertThat(loop.get("group").asString()).isEqualTo("driverLoops");
		assertThat(loop.propertyNames()).filteredOn((name) -> !name.equals("cpuUtilization"))
			.containsExactly("name", "group", "roles", "counted", "state", "busyMillis", "lag", "pendingTasks",
					"approximate");
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> json("/actuator/eventloop/history").get("epochMillis").size() >= 2);
		JsonNode history = json("/actuator/eventloop/history");
		assertThat(history.get("loops").valueStream()).filteredOn((each) -> each.has("approximate"))
			.singleElement()
			.satisfies((each) -> {
				assertThat(each.propertyNames()).containsExactly("name", "lagP99Millis", "lagMaxMillis",
						"cpuUtilization", "approximate");
				assertThat(each.get("lagP99Millis").size()).isEqualTo(history.get("epochMillis").size());
			});
		assertThat(json("/actuator/eventloop").get("loops").valueStream())
			.filteredOn((each) -> each.get("name").asString().startsWith("reactor-http-"))
			.isNotEmpty()
			.noneMatch((each) -> each.has("approximate"))
			.allMatch((each) -> each.has("utilization") && each.has("channels"));
	}

	@Test
	void whenExternalLoopIsStuckShouldReportItEverywhere() {
		group().execute(this::block);
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> json("/actuator/eventloop").get("status").asString().equals("STUCK"));
		assertThat(state()).isEqualTo("STALLED");
		assertThat(json("/actuator/eventloop").get("reason").asString()).contains(LOOP);
		assertThat(this.client.get().uri("/actuator/health").exchange().expectBody().returnResult().getStatus().value())
			.isEqualTo(503);
		assertThat(json("/actuator/eventloop/stalls").get("stalls").valueStream())
			.filteredOn((stall) -> stall.get("loop").asString().equals(LOOP) && stall.get("inProgress").asBoolean())
			.singleElement()
			.satisfies((stall) -> assertThat(stall.at("/culprit/methodName").asString()).isEqualTo("block"));
		this.release.countDown();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> state().equals("IDLE"));
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> registry().find("eventloop.stalls")
				.tag("group", "driverLoops")
				.timers()
				.stream()
				.anyMatch((timer) -> timer.max(TimeUnit.MILLISECONDS) >= 500));
	}

	@Test
	void shouldOnlyHaveMetersThatProbesCanMeasure() {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(meters()).contains("eventloop.lag", "eventloop.cpu.utilization",
					"eventloop.tasks.pending"));
		assertThat(meters()).doesNotContain("eventloop.utilization", "eventloop.time", "eventloop.iterations",
				"eventloop.events", "eventloop.channels", "eventloop.requests.active");
	}

	private Stream<String> meters() {
		return registry().getMeters()
			.stream()
			.map(Meter::getId)
			.filter((id) -> LOOP.equals(id.getTag("name")))
			.map(Meter.Id::getName);
	}

	private MeterRegistry registry() {
		return this.context.getBean(MeterRegistry.class);
	}

	private EventLoopGroup group() {
		return this.context.getBean(EventLoopGroup.class);
	}

	private String state() {
		return json("/actuator/eventloop").get("loops")
			.valueStream()
			.filter((loop) -> loop.has("approximate"))
			.map((loop) -> loop.get("state").asString())
			.findFirst()
			.orElseThrow();
	}

	private JsonNode json(String path) {
		return JsonMapper.shared()
			.readTree(this.client.get()
				.uri(path)
				.accept(MediaType.APPLICATION_JSON)
				.exchange()
				.expectStatus()
				.isOk()
				.expectBody(String.class)
				.returnResult()
				.getResponseBody());
	}

	private void block() {
		try {
			this.release.await(60, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TestApplication {

		@Bean(destroyMethod = "shutdown")
		EventLoopGroup driverLoops() {
			return new MultiThreadIoEventLoopGroup(1, (ThreadFactory) (task) -> new Thread(task, LOOP),
					NioIoHandler.newFactory());
		}

	}

}
