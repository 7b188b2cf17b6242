package io.github.eventloop.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelOption;
import io.netty.util.ResourceLeakDetector;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.shedding.RequestPriority;
import io.github.eventloop.shedding.SheddingPolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for load shedding, with a real server that has one loop.
 */
@ExtendWith(OutputCaptureExtension.class)
class SheddingIntegrationTests {

	private static final String BODY = "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,"
			+ "\"detail\":\"Too busy to answer in time: try again in 2 seconds.\"}";

	/** Whether all requests are shed, except those of high priority. */
	private static volatile boolean shedding;

	private static ResourceLeakDetector.Level level;

	private static ConfigurableApplicationContext context;

	@BeforeAll
	static void start() {
		level = ResourceLeakDetector.getLevel();
		ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
		context = BlockableApplication.run(List.of(OneLoop.class, SheddingConfiguration.class, MoreRoutes.class),
				"eventloop.shedding.enabled=true", "eventloop.shedding.priority-header=X-Priority",
				"server.http2.enabled=true");
	}

	@AfterAll
	static void stopAndCheckForLeaks(CapturedOutput output) {
		// A leak is reported when the next buffer is allocated after a garbage
		// collection.
		for (int i = 0; i < 3; i++) {
			System.gc();
			Visitor.of(context).send("POST", "/size", "tea");
		}
		context.close();
		ResourceLeakDetector.setLevel(level);
		assertThat(output).doesNotContain("LEAK:");
	}

	@BeforeEach
	void shed() {
		ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
		shedding = true;
	}

	@AfterEach
	void shouldNotLeak(CapturedOutput output) {
		assertThat(output).doesNotContain("LEAK:");
		shedding = false;
		assertThat(Visitor.of(context).status("/loop")).isEqualTo(200);
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(
					() -> assertThat(loops()).extracting((loop) -> loop.load().inFlightRequests()).containsOnly(0));
	}

	@ParameterizedTest
	@CsvSource({ "GET, /loop, ''", "POST, /size, tea", "DELETE, /nowhere, ''" })
	void shedResponseShouldSayWhenToRetry(String method, String path, String body) {
		HttpResponse<String> response = Visitor.of(context).send(method, path, body);
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.headers().map())
			.isEqualTo(Map.of("retry-after", List.of("2"), "content-type", List.of("application/problem+json"),
					"cache-control", List.of("no-store"), "content-length", List.of("" + BODY.length())));
		assertThat(response.body()).isEqualTo(BODY);
	}

	@Test
	void whenHeadIsRequestedShouldOmitTheBody() throws IOException {
		try (Socket socket = connect()) {
			send(socket,
					"HEAD /loop HTTP/1.1\r\nHost: a\r\n\r\nGET /loop HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
			String responses = readAll(socket);
			assertThat(responses.split("HTTP/1.1 503 ", -1)).as("responses").hasSize(3);
			assertThat(responses.split("about:blank", -1)).as("bodies").hasSize(2);
		}
	}

	@Test
	void healthAndEndpointShouldNotBeShed() {
		Visitor visitor = Visitor.of(context);
		assertThat(visitor.status("/actuator/health/liveness")).isEqualTo(200);
		assertThat(visitor.status("/actuator/eventloop")).isEqualTo(200);
		assertThat(visitor.status("/loop")).isEqualTo(503);
	}

	@Test
	void whenHttp2ConnectionHasManyRequestsShouldShedEach() {
		reactor.netty.http.client.HttpClient client = reactor.netty.http.client.HttpClient.newConnection()
			.protocol(HttpProtocol.H2C)
			.baseUrl("http://127.0.0.1:" + port());
		List<String> responses = Flux.range(0, 200)
			.flatMap((number) -> client.get()
				.uri("/loop")
				.responseSingle((response, body) -> body.asString()
					.map((text) -> response.version() + " " + response.status().code() + " "
							+ response.responseHeaders().get("retry-after") + " " + text)),
					20)
			.collectList()
			.block(Duration.ofSeconds(60));
		assertThat(responses).hasSize(200).containsOnly("HTTP/2.0 503 2 " + BODY);
	}

	@Test
	void whenConnectionIsUpgradedToHttp2ShouldShed() throws Exception {
		HttpClient client = HttpClient.newHttpClient();
		HttpRequest request = HttpRequest.newBuilder(uri("http", "/loop")).timeout(Duration.ofSeconds(60)).build();
		for (int i = 0; i < 2; i++) {
			HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
			assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
			assertThat(response.statusCode()).isEqualTo(503);
			assertThat(response.body()).isEqualTo(BODY);
		}
	}

	@Test
	void whenHeaderHasHighPriorityShouldNotShed() {
		Visitor visitor = Visitor.of(context);
		assertThat(visitor.send("GET", "/loop", "", "x-priority", "High").statusCode()).isEqualTo(200);
		assertThat(visitor.send("GET", "/loop", "", "x-priority", "high", "x-priority", "low").statusCode())
			.isEqualTo(503);
		assertThat(visitor.send("GET", "/loop", "", "x-priority", "highest").statusCode()).isEqualTo(503);
	}

	@Test
	void whenHeadersAreHostileShouldShed() throws IOException {
		assertThat(responseTo("X-Priority: " + "high".repeat(1_500))).startsWith("HTTP/1.1 503 ");
		assertThat(responseTo("X-Priority: " + "high".repeat(2_500))).startsWith("HTTP/1.1 431 ");
		assertThat(responseTo("X-Priority: low\r\n".repeat(300).strip())).startsWith("HTTP/1.1 503 ");
		assertThat(responseTo("X-Priority: h\u00efgh\u20ac")).startsWith("HTTP/1.1 503 ");
		assertThat(responseTo("X-Priority:")).startsWith("HTTP/1.1 503 ");
		assertThat(responseTo("X-Priority: hi\u0000gh")).startsWith("HTTP/1.1 400 ");
		assertThat(responseTo("X-Priority: \u0001high")).startsWith("HTTP/1.1 400 ");
		assertThat(responseTo("X-Priority: \t high \t")).startsWith("HTTP/1.1 200 ");
	}

	@Test
	void whenClientNeverReadsShouldServeOthers() throws IOException {
		String requests = "GET /loop HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2_000);
		// Access records of so many buffers would take too much memory, even after the
		// client has disconnected.
		ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
		try (SocketChannel channel = SocketChannel.open(); Selector writable = Selector.open()) {
			// Neither end can buffer half a megabyte of responses, so most of them are
			// not sent.
			channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
			channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
			channel.configureBlocking(false);
			channel.register(writable, SelectionKey.OP_WRITE);
			ByteBuffer unsent = ByteBuffer.wrap(requests.getBytes(StandardCharsets.US_ASCII));
			// Until the channel has not been writable for some time.
			while (unsent.hasRemaining() && writable.select(Duration.ofSeconds(2).toMillis()) > 0) {
				writable.selectedKeys().clear();
				channel.write(unsent);
			}
			assertThat(Visitor.of(context).status("/loop")).isEqualTo(503);
			shedding = false;
			assertThat(Visitor.of(context).status("/loop")).isEqualTo(200);
		}
	}

	@Test
	void whenRequestHasALargeBodyShouldShedBeforeItHasArrived() throws IOException {
		int length = 50 << 20;
		try (Socket socket = connect()) {
			send(socket, "POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n");
			socket.getOutputStream().write(new byte[1 << 20]);
			assertThat(readOne(socket)).startsWith("HTTP/1.1 503 ").endsWith(BODY);
			for (int i = 1; i < 50; i++) {
				socket.getOutputStream().write(new byte[1 << 20]);
			}
			send(socket, "GET /loop HTTP/1.1\r\nHost: a\r\n\r\n");
			assertThat(readOne(socket)).startsWith("HTTP/1.1 503 ").endsWith(BODY);
		}
	}

	@Test
	void whenClientExpectsContinueShouldNotRequestTheBody() throws IOException {
		try (Socket socket = connect()) {
			send(socket, "POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\nExpect: 100-continue\r\n\r\n");
			assertThat(readOne(socket)).startsWith("HTTP/1.1 503 ").endsWith(BODY);
		}
	}

	@Test
	void whenHandlerNeverCompletesShouldStillShedAndServe() throws IOException {
		shedding = false;
		try (Socket stuck = connect()) {
			send(stuck, "GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.untilAsserted(
						() -> assertThat(loops()).extracting((loop) -> loop.load().inFlightRequests()).contains(1));
			assertThat(Visitor.of(context).status("/loop")).isEqualTo(200);
			shedding = true;
			assertThat(Visitor.of(context).status("/loop")).isEqualTo(503);
		}
	}

	@Test
	void whenClientsDisconnectBeforeTheResponseShouldKeepWorking() throws IOException {
		for (int i = 0; i < 50; i++) {
			try (Socket socket = connect()) {
				socket.setSoLinger(i % 2 == 0, 0);
				send(socket, "GET /loop HTTP/1.1\r\nHost: a\r\n\r\nPOST /size HTTP/1.1\r\nContent-Length: 99\r\n\r\n");
			}
		}
		assertThat(Visitor.of(context).status("/loop")).isEqualTo(503);
	}

	@Test
	void whenWebSocketIsOpenShouldStayOpen() throws Exception {
		shedding = false;
		BlockingQueue<String> received = new LinkedBlockingQueue<>();
		WebSocket socket = openWebSocket(received).get(60, TimeUnit.SECONDS);
		shedding = true;
		socket.sendText("tea", true).get(60, TimeUnit.SECONDS);
		assertThat(received.poll(60, TimeUnit.SECONDS)).isEqualTo("tea");
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> openWebSocket(received).get(60, TimeUnit.SECONDS))
			.withCauseInstanceOf(WebSocketHandshakeException.class)
			.satisfies((ex) -> assertThat(((WebSocketHandshakeException) ex.getCause()).getResponse().statusCode())
				.isEqualTo(503));
		socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(60, TimeUnit.SECONDS);
	}

	@Test
	void shedRequestsShouldBeCounted() {
		// Its meters are registered when a second ends.
		double before = Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.ignoreExceptions()
			.until(() -> shedRequests(context), (count) -> true);
		Visitor visitor = Visitor.of(context);
		for (int i = 0; i < 10; i++) {
			assertThat(visitor.status("/loop")).isEqualTo(503);
		}
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(shedRequests(context)).isGreaterThanOrEqualTo(before + 10));
	}

	@Test
	void whenLoopIsBlockedShouldOnlyShedRequestsThatWaitForIt(CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext application = BlockableApplication.run(List.of(OneLoop.class),
				"eventloop.shedding.enabled=true", "eventloop.shedding.policy=lag",
				"eventloop.shedding.start-lag=200ms", "eventloop.shedding.full-lag=400ms")) {
			// The second connection is the first to wait for the loop, and blocks it
			// again.
			try (Socket first = connect(application);
					Socket second = connect(application);
					Socket other = connect(application);
					Socket probe = connect(application)) {
				for (Socket socket : List.of(first, second, other, probe)) {
					Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
						send(socket, "GET /actuator/health/liveness HTTP/1.1\r\nHost: a\r\n\r\n");
						return readOne(socket).startsWith("HTTP/1.1 200 ");
					});
				}
				send(first, "GET /block/800 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
				Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> isBlocked(application));
				send(second, "GET /block/800 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
				send(other, "GET /loop HTTP/1.1\r\nHost: a\r\n\r\n");
				send(probe, "GET /actuator/health/liveness HTTP/1.1\r\nHost: a\r\n\r\n");
				assertThat(readAll(first)).startsWith("HTTP/1.1 200 ");
				assertThat(readOne(other)).startsWith("HTTP/1.1 503 ").endsWith(BODY);
				assertThat(readOne(probe)).startsWith("HTTP/1.1 200 ");
			}
			Visitor visitor = Visitor.of(application);
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(visitor.status("/loop")).isEqualTo(200));
			Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
				assertThat(shedRequests(application)).isPositive();
				assertThat(output).containsPattern("Event loop shed-http-\\S+ lags: shed \\d+ requests? \\(503\\)");
			});
		}
	}

	@Test
	void whenManagementPortIsServedByTheSameLoopShouldNotShedItsEndpoints() {
		try (ConfigurableApplicationContext application = BlockableApplication.run(List.of(SheddingConfiguration.class),
				"eventloop.shedding.enabled=true", "eventloop.management.isolated=false", "management.server.port=0",
				"management.server.address=127.0.0.1", "management.endpoints.web.base-path=/")) {
			Visitor probe = new Visitor(
					application.getEnvironment().getRequiredProperty("local.management.port", Integer.class));
			assertThat(probe.status("/health/liveness")).isEqualTo(200);
			assertThat(probe.status("/")).isEqualTo(200);
			assertThat(probe.status("/nothing")).isEqualTo(503);
			assertThat(Visitor.of(application).status("/health")).isEqualTo(503);
		}
	}

	private static boolean isBlocked(ConfigurableApplicationContext application) {
		return application.getBean(EventLoopMonitor.class)
			.snapshot()
			.loops()
			.stream()
			.anyMatch((loop) -> loop.busyNanos() > TimeUnit.MILLISECONDS.toNanos(50));
	}

	private static double shedRequests(ConfigurableApplicationContext application) {
		return application.getBean(MeterRegistry.class)
			.get("eventloop.shed.requests")
			.tag("group", "shed-http")
			.functionCounter()
			.count();
	}

	private static List<LoopSnapshot> loops() {
		return context.getBean(EventLoopMonitor.class).snapshot().loops();
	}

	private static CompletableFuture<WebSocket> openWebSocket(BlockingQueue<String> received) {
		return HttpClient.newHttpClient()
			.newWebSocketBuilder()
			.buildAsync(uri("ws", "/echo"), new WebSocket.Listener() {

				@Override
				public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
					received.add(text.toString());
					socket.request(1);
					return null;
				}

			});
	}

	private static int port() {
		return port(context);
	}

	private static int port(ConfigurableApplicationContext application) {
		return application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	private static URI uri(String scheme, String path) {
		return URI.create(scheme + "://127.0.0.1:" + port() + path);
	}

	private static Socket connect() throws IOException {
		return connect(context);
	}

	private static Socket connect(ConfigurableApplicationContext application) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(application));
		socket.setSoTimeout(60_000);
		return socket;
	}

	private static void send(Socket socket, String text) throws IOException {
		socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
	}

	private static String responseTo(String header) throws IOException {
		try (Socket socket = connect()) {
			send(socket, "GET /loop HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + header + "\r\n\r\n");
			return readAll(socket);
		}
	}

	private static String readAll(Socket socket) throws IOException {
		return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

	/** Read one response, up to the end of its JSON object. */
	private static String readOne(Socket socket) throws IOException {
		StringBuilder response = new StringBuilder();
		InputStream stream = socket.getInputStream();
		int next = stream.read();
		while (next != -1) {
			response.append((char) next);
			if (next == '}') {
				break;
			}
			next = stream.read();
		}
		return response.toString();
	}

	@Configuration(proxyBeanMethods = false)
	static class OneLoop {

		@Bean
		ReactorResourceFactory reactorResourceFactory() {
			ReactorResourceFactory factory = new ReactorResourceFactory();
			factory.setUseGlobalResources(false);
			factory.setLoopResourcesSupplier(() -> MonitoredLoopResources.builder("shed-http").workerCount(1).build());
			factory.setShutdownQuietPeriod(Duration.ZERO);
			return factory;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SheddingConfiguration {

		/**
		 * Limits how much of a response is buffered for a client that does not read it.
		 */
		@Bean
		NettyServerCustomizer smallSendBuffers() {
			return (server) -> server.childOption(ChannelOption.SO_SNDBUF, 8192);
		}

		@Bean
		SheddingPolicy shedding() {
			return (loop, lag, priority) -> (shedding && priority != RequestPriority.HIGH) ? 1 : 0;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MoreRoutes {

		@Bean
		RouterFunction<ServerResponse> moreRoutes() {
			return RouterFunctions.route()
				.GET("/never", (request) -> Mono.never())
				.POST("/size",
						(request) -> request.bodyToMono(String.class)
							.flatMap((body) -> ServerResponse.ok().bodyValue("" + body.length())))
				.build();
		}

		@Bean
		HandlerMapping webSockets() {
			WebSocketHandler echo = (session) -> session
				.send(session.receive().map((message) -> session.textMessage(message.getPayloadAsText())));
			return new SimpleUrlHandlerMapping(Map.of("/echo", echo), -1);
		}

	}

}
