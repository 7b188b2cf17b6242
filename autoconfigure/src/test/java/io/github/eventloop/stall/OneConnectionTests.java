package io.github.eventloop.stall;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;

import io.github.eventloop.monitor.internal.recorder.MonitoredThread;
import io.github.eventloop.stall.internal.cause.Diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for stalls by many streams of one HTTP/2 connection or many messages of one
 * WebSocket.
 */
class OneConnectionTests {

	private static final int STREAMS = 90;

	private static final int MESSAGES = 90;

	/** A number whose next prime takes some milliseconds to find. */
	private static final String NUMBER = BigInteger.ONE.shiftLeft(450).toString();

	@Test
	void whenStreamsOfOneConnectionFloodTheLoopShouldReportOneConnection() {
		try (StallRig rig = new StallRig(1)) {
			DisposableServer server = HttpServer.create()
				.runOn(rig.resources())
				.host("127.0.0.1")
				.port(0)
				.protocol(HttpProtocol.H2C)
				.http2Settings((settings) -> settings.maxConcurrentStreams(STREAMS))
				.handle((request, response) -> {
					((MonitoredThread) Thread.currentThread()).recorder().requestStarted();
					compute(Duration.ofMillis(4));
					return response.send();
				})
				.bindNow();
			try {
				Stall stall = flood(rig, server);
				assertThat(stall.cause()).isEqualTo(StallCause.FLOOD);
				assertThat(stall.work().oneConnection()).isTrue();
				assertThat(stall.work().tasksStarted()).isGreaterThanOrEqualTo(Diagnosis.FEWEST_TASKS);
				assertThat(stall.advice()).contains("one connection");
			}
			finally {
				server.disposeNow();
			}
		}
	}

	/**
	 * Tries repeatedly, because a busy machine may split the flood or starve the loop.
	 */
	private static Stall flood(StallRig rig, DisposableServer server) {
		ConnectionProvider one = ConnectionProvider.create("one", 1);
		try {
			HttpClient client = HttpClient.create(one)
				.protocol(HttpProtocol.H2C)
				.baseUrl("http://127.0.0.1:" + server.port());
			for (int attempt = 1;; attempt++) {
				Flux.range(0, STREAMS)
					.flatMap((i) -> client.get().uri("/").response().onErrorResume((ex) -> Mono.empty()), STREAMS)
					.blockLast(Duration.ofSeconds(60));
				Stall stall = rig.takeEnded();
				if (stall.work().oneConnection() || attempt == 10) {
					return stall;
				}
			}
		}
		finally {
			one.dispose();
		}
	}

	@Test
	void whenMessagesOfOneWebSocketFloodTheLoopShouldReportOneConnection() {
		// Only frames of the JDK and of Reactor, none of the application.
		Stall stall = stallByMessages((messages) -> messages.map(BigInteger::new).map(BigInteger::nextProbablePrime));
		assertThat(stall.cause()).isEqualTo(StallCause.FLOOD);
		assertThat(stall.work().oneConnection()).isTrue();
		assertThat(stall.code().culprit()).isNull();
		assertThat(stall.code().doing()).isNotNull();
		assertThat(stall.advice()).contains("one connection");
	}

	@Test
	void whenLineStallsTheLoopForMessagesOfOneWebSocketShouldNameTheLineToo() {
		Stall stall = stallByMessages((messages) -> messages.map(OneConnectionTests::primeAfter));
		assertThat(stall.cause()).isEqualTo(StallCause.COMPUTING);
		assertThat(stall.work().oneConnection()).isTrue();
		assertThat(stall.code().culprit()).extracting(Culprit::methodName).isEqualTo("primeAfter");
		assertThat(stall.advice()).contains("one WebSocket connection");
	}

	private static Stall stallByMessages(Function<Flux<String>, Flux<?>> handler) {
		try (StallRig rig = new StallRig(1)) {
			DisposableServer server = HttpServer.create()
				.runOn(rig.resources())
				.host("127.0.0.1")
				.port(0)
				.handle((request, response) -> response
					.sendWebsocket((inbound, outbound) -> handler.apply(inbound.receive().asString()).then()))
				.bindNow();
			try {
				return send(rig, server);
			}
			finally {
				server.disposeNow();
			}
		}
	}

	/**
	 * Tries repeatedly, because a busy machine may split the messages or starve the loop.
	 */
	private static Stall send(StallRig rig, DisposableServer server) {
		for (int attempt = 1;; attempt++) {
			HttpClient.create(ConnectionProvider.newConnection())
				.websocket()
				.uri("ws://127.0.0.1:" + server.port())
				.handle((inbound, outbound) -> outbound
					.sendString(Flux.range(0, MESSAGES).map((i) -> NUMBER), StandardCharsets.US_ASCII)
					.then(outbound.sendClose())
					.then(inbound.receiveCloseStatus().then()))
				.blockLast(Duration.ofSeconds(60));
			Stall stall = rig.takeEnded();
			if (stall.work().oneConnection() || attempt == 10) {
				return stall;
			}
		}
	}

	private static BigInteger primeAfter(String number) {
		return new BigInteger(number).nextProbablePrime();
	}

	private static void compute(Duration duration) {
		long end = System.nanoTime() + duration.toNanos();
		while (end - System.nanoTime() > 0) {
			Thread.onSpinWait();
		}
	}

}
