package io.github.eventloop.benchmarks.neighbours;

import java.nio.file.Path;
import java.time.Duration;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.stall.Stall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The R2DBC drivers of MariaDB and MySQL with a real server: they ask for Reactor Netty's
 * global loops as soon as they are configured.
 */
@Timeout(120)
class MariaDbIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	@TempDir
	private static Path directory;

	private static MariaDb server;

	@BeforeAll
	static void start() {
		server = MariaDb.start(directory);
	}

	@AfterAll
	static void stop() {
		if (server != null) {
			server.close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "mariadb", "mysql" })
	void rowThatIsMappedWithABlockingCallShouldBeNamed(String driver) {
		try (MonitoredApplication application = new MonitoredApplication()) {
			ConnectionFactory factory = ConnectionFactories
				.get("r2dbc:%s://root@127.0.0.1:%d/mysql".formatted(driver, server.port()));
			Mono<Integer> price = Mono.usingWhen(factory.create(),
					(connection) -> Mono.from(connection.createStatement("SELECT 42").execute())
						.flatMap((result) -> Mono.from(price(result))),
					Connection::close);
			assertThat(price.block(TIMEOUT)).isEqualTo(42);
			Stall stall = application.awaitStall("reactor-tcp-");
			assertThat(stall.component()).isEqualTo("r2dbc");
			assertThat(stall.requests().peer()).isEqualTo("127.0.0.1:" + server.port());
			assertThat(application.loops((loop) -> loop.name().equals(stall.loop()))).singleElement()
				.satisfies((loop) -> assertThat(loop.approximate()).isFalse())
				.satisfies((loop) -> assertThat(loop.roles()).contains(LoopRole.CLIENT, LoopRole.DRIVER));
		}
	}

	private static Publisher<Integer> price(Result result) {
		return result.map((row, metadata) -> {
			MonitoredApplication.block();
			return row.get(0, Integer.class);
		});
	}

}
