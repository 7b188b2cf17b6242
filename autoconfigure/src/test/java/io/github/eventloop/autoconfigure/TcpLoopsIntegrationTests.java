package io.github.eventloop.autoconfigure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import io.netty.channel.socket.DatagramPacket;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpResources;
import reactor.netty.tcp.TcpServer;
import reactor.netty.udp.UdpClient;
import reactor.netty.udp.UdpResources;
import reactor.netty.udp.UdpServer;

import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.stall.Stall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the event loops that clients and servers of Reactor Netty share, with an
 * R2DBC driver and a PostgreSQL server, and with plain TCP and UDP.
 */
class TcpLoopsIntegrationTests {

	private static final String TCP = "reactor-tcp";

	private static EmbeddedPostgres server;

	private final ApplicationContextRunner runner = DriverContext.runner(EventLoopTcpAutoConfiguration.class);

	@BeforeAll
	static void startServer() throws IOException {
		server = EmbeddedPostgres.start();
	}

	@AfterAll
	static void stopServer() throws IOException {
		server.close();
		// Other tests expect that no loop is left.
		TcpResources.disposeLoopsAndConnectionsLater(Duration.ZERO, DriverContext.LIMIT).block();
		UdpResources.shutdownLater(Duration.ZERO, DriverContext.LIMIT).block();
	}

	@Test
	void queryWhoseResultBlocksShouldBeAStallWithItsLine() {
		this.runner.run((context) -> {
			Stall stall = DriverContext.awaitStall(context, TCP,
					() -> assertThat(query((row) -> DriverContext.block())).isEqualTo(42));
			assertThat(stall.loop()).startsWith("reactor-tcp-");
			assertThat(stall.advice()).contains("R2DBC");
			DriverContext.assertMeasuredExactly(context, TCP, "r2dbc", LoopRole.CLIENT);
		});
	}

	@Test
	void loopsShouldBeAsManyAsThoseOfTheDefault() {
		this.runner.run((context) -> {
			query((row) -> {
			});
			assertThat(DriverContext.loops(context, TCP)).hasSize(LoopResources.DEFAULT_IO_WORKER_COUNT)
				.extracting(LoopSnapshot::name)
				.allMatch((name) -> name.matches("reactor-tcp-(epoll|nio)-\\d+"));
		});
	}

	@Test
	void whenContextIsReplacedThenLoopsShouldBeMonitoredByTheNext() {
		this.runner.run((context) -> query((row) -> {
		}));
		this.runner.run((context) -> {
			List<String> before = names(DriverContext.loops(context, TCP));
			assertThat(before).isNotEmpty();
			query((row) -> {
			});
			assertThat(names(DriverContext.loops(context, TCP))).isEqualTo(before);
		});
	}

	@Test
	void whenThereAreTwoContextsBothShouldMonitorTheLoops() {
		this.runner.run((first) -> {
			this.runner.run((second) -> {
				assertThat(query((row) -> {
				})).isEqualTo(42);
				assertThat(names(DriverContext.startedLoops(second, TCP))).isNotEmpty();
			});
			assertThat(query((row) -> {
			})).isEqualTo(42);
			assertThat(DriverContext.startedLoops(first, TCP)).isNotEmpty().allMatch((loop) -> !loop.approximate());
		});
	}

	@Test
	void clientAndServerShouldUseTheSameLoopsWithTheirRoles() {
		this.runner.run((context) -> {
			DisposableServer echo = TcpServer.create()
				.host("127.0.0.1")
				.port(0)
				.handle((in, out) -> out.send(in.receive().retain()))
				.bindNow();
			Connection connection = TcpClient.create().host("127.0.0.1").port(echo.port()).connectNow();
			connection.outbound().sendString(Mono.just("ping")).then().block(DriverContext.LIMIT);
			assertThat(connection.inbound().receive().asString().blockFirst(DriverContext.LIMIT)).isEqualTo("ping");
			assertThat(DriverContext.startedLoops(context, TCP)).flatMap(LoopSnapshot::roles)
				.contains(LoopRole.DRIVER, LoopRole.ACCEPTOR, LoopRole.SERVER, LoopRole.CLIENT);
			connection.disposeNow();
			echo.disposeNow();
		});
	}

	@Test
	void datagramsShouldBeMeasured() {
		this.runner.run((context) -> {
			Connection echo = UdpServer.create()
				.host("127.0.0.1")
				.port(0)
				.handle((in,
						out) -> out.sendObject(in.receiveObject()
							.ofType(DatagramPacket.class)
							.map((packet) -> new DatagramPacket(packet.content().retain(), packet.sender()))))
				.bindNow(Duration.ofSeconds(60));
			int port = ((InetSocketAddress) echo.address()).getPort();
			Connection client = UdpClient.create().host("127.0.0.1").port(port).connectNow(DriverContext.LIMIT);
			client.outbound().sendString(Mono.just("ping")).then().block(DriverContext.LIMIT);
			assertThat(client.inbound().receive().asString().blockFirst(DriverContext.LIMIT)).isEqualTo("ping");
			DriverContext.assertMeasuredExactly(context, "udp", "udp", LoopRole.DRIVER);
			client.disposeNow();
			echo.disposeNow();
		});
	}

	private static int query(Consumer<Object> callback) {
		return query(server.getPort(), callback);
	}

	static int query(int port, Consumer<Object> callback) {
		PostgresqlConnectionFactory factory = new PostgresqlConnectionFactory(
				PostgresqlConnectionConfiguration.builder()
					.host("127.0.0.1")
					.port(port)
					.username("postgres")
					.database("postgres")
					.build());
		return Flux
			.usingWhen(factory.create(),
					(connection) -> connection.createStatement("SELECT 42")
						.execute()
						.flatMap((result) -> result.map((row, metadata) -> row.get(0, Integer.class)))
						.doOnNext(callback),
					PostgresqlConnection::close)
			.blockLast(DriverContext.LIMIT);
	}

	private static List<String> names(List<LoopSnapshot> loops) {
		return loops.stream().map(LoopSnapshot::name).toList();
	}

}
