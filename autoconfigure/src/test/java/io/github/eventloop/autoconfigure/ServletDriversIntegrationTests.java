package io.github.eventloop.autoconfigure;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.client.ReactorClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import reactor.netty.http.client.HttpClient;
import reactor.netty.tcp.TcpResources;

import io.github.eventloop.drivers.GrpcLoops;
import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.stall.Stall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the event loops of the clients and drivers of a servlet application.
 */
@Tag("servlet")
class ServletDriversIntegrationTests {

	private static EmbeddedPostgres database;

	private static ConfigurableApplicationContext context;

	@BeforeAll
	static void start() throws IOException {
		database = EmbeddedPostgres.start();
		context = ServletClientApplication.run(List.of(GrpcLoopsIntegrationTests.ServiceConfiguration.class),
				"spring.grpc.server.address=127.0.0.1", "spring.grpc.server.port=0");
	}

	@AfterAll
	static void close() throws IOException {
		context.close();
		database.close();
		// Other tests expect that no loop is left.
		TcpResources.disposeLoopsAndConnectionsLater(Duration.ZERO, DriverContext.LIMIT).block();
	}

	/** Readiness does not depend on loops that carry no requests of the application. */
	@AfterEach
	void applicationShouldBeInService() {
		assertThat(context.getBean(EventLoopHealth.class).status().isInService()).isTrue();
	}

	@Test
	void restClientWhoseCallbackBlocksShouldBeAStallWithItsLine() {
		RestClient client = RestClient.builder()
			.requestFactory(new ReactorClientHttpRequestFactory(
					HttpClient.create().doOnResponse((response, connection) -> DriverContext.block())))
			.baseUrl("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"))
			.build();
		Stall stall = DriverContext.awaitStall(context, "reactor-http",
				() -> assertThat(client.get().uri("/loop").retrieve().body(String.class)).isNotEmpty());
		assertThat(stall.loop()).startsWith("reactor-http-");
		assertThat(DriverContext.startedLoops(context, "reactor-http")).isNotEmpty()
			.allMatch((loop) -> !loop.approximate())
			.flatMap(LoopSnapshot::roles)
			.containsOnly(LoopRole.CLIENT);
	}

	@Test
	void queryWhoseResultBlocksShouldBeAStallWithItsLine() {
		Stall stall = DriverContext.awaitStall(context, "reactor-tcp",
				() -> assertThat(TcpLoopsIntegrationTests.query(database.getPort(), (row) -> DriverContext.block()))
					.isEqualTo(42));
		assertThat(stall.advice()).contains("R2DBC");
		DriverContext.assertMeasuredExactly(context, "reactor-tcp", "r2dbc", LoopRole.CLIENT);
	}

	@Test
	void grpcServiceThatBlocksTheLoopShouldBeAStallWithItsLine() {
		GrpcLoopsIntegrationTests.service = (request) -> {
			DriverContext.block();
			return request;
		};
		Stall stall = DriverContext.awaitStall(context, GrpcLoops.COMPONENT,
				() -> assertThat(GrpcLoopsIntegrationTests.call(context, "block")).isEqualTo("block"));
		assertThat(stall.advice()).contains("DEADLINE_EXCEEDED");
		assertThat(DriverContext.startedLoops(context, GrpcLoops.COMPONENT)).isNotEmpty()
			.allMatch((loop) -> !loop.approximate() && !loop.counted());
	}

}
