package io.github.eventloop.metrics.internal;

import java.time.Duration;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MeteredPools}.
 */
class MeteredPoolsTests {

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final MeteredPools pools = new MeteredPools(this.registry);

	@Test
	void shouldDescribeHttpClientPoolWhileExhausted() {
		ConnectionProvider connections = ConnectionProvider.builder("backend").maxConnections(2).metrics(true).build();
		DisposableServer server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.handle((request, response) -> Mono.never())
			.bindNow();
		HttpClient client = HttpClient.create(connections).baseUrl("http://127.0.0.1:" + server.port());
		Metrics.addRegistry(this.registry);
		Disposable requests = null;
		try {
			requests = Flux.range(0, 5).flatMap((i) -> client.get().uri("/").response()).subscribe();
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(this.pools.describe())
					.containsExactly("backend (2 of 2 connections in use, 3 waiting)"));
			requests.dispose();
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(this.pools.describe()).isEmpty());
		}
		finally {
			if (requests != null) {
				requests.dispose();
			}
			Metrics.removeRegistry(this.registry);
			connections.dispose();
			server.disposeNow();
		}
	}

	@Test
	void shouldDescribeExhaustedDatabasePools() {
		gauge("jdbc.connections.active", "orders", 10);
		gauge("jdbc.connections.max", "orders", 10);
		gauge("jdbc.connections.active", "bills", 9);
		gauge("jdbc.connections.max", "bills", 10);
		gauge("r2dbc.pool.acquired", "stock", 5);
		gauge("r2dbc.pool.max.allocated", "stock", 5);
		gauge("r2dbc.pool.pending", "stock", 7);
		assertThat(this.pools.describe()).containsExactly("orders (10 of 10 connections in use)",
				"stock (5 of 5 connections in use, 7 waiting)");
	}

	@Test
	void whenLimitIsUnknownShouldNotDescribePool() {
		gauge("jdbc.connections.active", "unlimited", 10);
		gauge("jdbc.connections.max", "unlimited", -1);
		gauge("r2dbc.pool.acquired", "odd", 10);
		gauge("jdbc.connections.active", "gone", Double.NaN);
		gauge("jdbc.connections.max", "gone", Double.NaN);
		assertThat(this.pools.describe()).isEmpty();
	}

	private void gauge(String name, String pool, double value) {
		Gauge.builder(name, () -> value).tag("name", pool).register(this.registry);
	}

}
