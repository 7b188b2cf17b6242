package io.github.eventloop.benchmarks.neighbours;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.stall.Stall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The R2DBC driver of PostgreSQL with a real server, on monitored loops as described in
 * the documentation.
 */
@Timeout(60)
class PostgresIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	@TempDir
	private Path directory;

	@Test
	void rowThatIsMappedWithABlockingCallShouldBeNamed() throws IOException {
		try (Postgres server = Postgres.start(this.directory);
				MonitoredApplication application = new MonitoredApplication()) {
			PostgresqlConnectionFactory factory = new PostgresqlConnectionFactory(
					PostgresqlConnectionConfiguration.builder()
						.host("127.0.0.1")
						.port(server.port())
						.username(Postgres.USER)
						.database(Postgres.DATABASE)
						.loopResources(application.bean(MonitoredLoopResources.class))
						.build());
			Mono<Integer> price = Mono.usingWhen(factory.create(),
					(connection) -> connection.createStatement("SELECT 42").execute().flatMap(this::price).next(),
					(connection) -> connection.close());
			assertThat(price.block(TIMEOUT)).isEqualTo(42);
			Stall stall = application.awaitStall("driver-");
			assertThat(stall.samples().stack()).anyMatch((frame) -> frame.contains("PostgresIT"));
			assertThat(application.loops((loop) -> loop.name().equals(stall.loop()))).singleElement()
				.satisfies((loop) -> assertThat(loop.approximate()).isFalse())
				.satisfies((loop) -> assertThat(loop.roles()).containsExactly(LoopRole.CLIENT));
		}
	}

	private Publisher<Integer> price(PostgresqlResult result) {
		return result.map((row, metadata) -> {
			MonitoredApplication.block();
			return row.get(0, Integer.class);
		});
	}

}
