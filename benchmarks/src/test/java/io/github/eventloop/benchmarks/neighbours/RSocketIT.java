package io.github.eventloop.benchmarks.neighbours;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;

import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.SocketAcceptor;
import io.rsocket.core.RSocketConnector;
import io.rsocket.core.RSocketServer;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.transport.netty.server.TcpServerTransport;
import io.rsocket.util.DefaultPayload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.stall.Stall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * RSocket over TCP, on the loops of the application's {@link ReactorResourceFactory} and
 * on the global ones.
 */
@Timeout(60)
class RSocketIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	@Test
	void handlerThatBlocksShouldBeNamed() {
		try (MonitoredApplication application = new MonitoredApplication()) {
			LoopResources loops = application.bean(ReactorResourceFactory.class).getLoopResources();
			CloseableChannel server = Objects
				.requireNonNull(RSocketServer.create(SocketAcceptor.forRequestResponse(RSocketIT::answer))
					.bind(TcpServerTransport.create(TcpServer.create().host("127.0.0.1").port(0).runOn(loops)))
					.block(TIMEOUT));
			RSocket client = Objects
				.requireNonNull(RSocketConnector.connectWith(TcpClientTransport.create(clientOf(server).runOn(loops)))
					.block(TIMEOUT));
			try {
				Payload answer = Objects
					.requireNonNull(client.requestResponse(DefaultPayload.create("price")).block(TIMEOUT));
				assertThat(answer.getDataUtf8()).isEqualTo("price of it");
				Stall stall = application.awaitStall("reactor-http-");
				assertThat(stall.samples().stack()).anyMatch((frame) -> frame.contains("RSocketIT"));
				assertThat(application.loops((loop) -> loop.name().equals(stall.loop()))).singleElement()
					.satisfies((loop) -> assertThat(loop.approximate()).isFalse())
					.satisfies((loop) -> assertThat(loop.roles()).contains(LoopRole.SERVER));
			}
			finally {
				client.dispose();
				server.dispose();
			}
		}
	}

	@Test
	void clientShouldUseTheGlobalLoopsByDefault() {
		try (MonitoredApplication application = new MonitoredApplication()) {
			CloseableChannel server = Objects.requireNonNull(RSocketServer
				.create(SocketAcceptor.forRequestResponse((question) -> Mono.just(DefaultPayload.create("42"))))
				.bind(TcpServerTransport.create("127.0.0.1", 0))
				.block(TIMEOUT));
			RSocket client = Objects.requireNonNull(
					RSocketConnector.connectWith(TcpClientTransport.create(server.address())).block(TIMEOUT));
			try {
				client.requestResponse(DefaultPayload.create("price"))
					.doOnNext((price) -> MonitoredApplication.block())
					.block(TIMEOUT);
				Stall stall = application.awaitStall("reactor-tcp-");
				assertThat(stall.requests().peer()).isEqualTo("127.0.0.1:" + server.address().getPort());
				assertThat(application.loops((loop) -> loop.name().equals(stall.loop()))).singleElement()
					.satisfies((loop) -> assertThat(loop.approximate()).isFalse())
					.satisfies((loop) -> assertThat(loop.roles()).contains(LoopRole.DRIVER, LoopRole.CLIENT));
			}
			finally {
				client.dispose();
				server.dispose();
			}
		}
	}

	private static TcpClient clientOf(CloseableChannel server) {
		InetSocketAddress address = server.address();
		return TcpClient.create().host(address.getHostString()).port(address.getPort());
	}

	private static Mono<Payload> answer(Payload question) {
		MonitoredApplication.block();
		return Mono.just(DefaultPayload.create(question.getDataUtf8() + " of it"));
	}

}
