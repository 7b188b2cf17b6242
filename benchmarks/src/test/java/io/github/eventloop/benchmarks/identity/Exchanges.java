package io.github.eventloop.benchmarks.identity;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import javax.net.ssl.SSLContext;

import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

/**
 * A series of requests to a {@link StreamingApplication}, and their answers.
 */
final class Exchanges implements AutoCloseable {

	/** The number of answers that the client cancels. */
	static final int CANCELLED = 2;

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	/**
	 * More than the kernel buffers: an answer that has left the application cannot be
	 * cancelled.
	 */
	private static final int CANCELLED_MEGABYTES = 128;

	/** Smaller, because the flow-control window of a stream limits its throughput. */
	private static final int HTTP2_MEGABYTES = 8;

	private static final int CHUNK = StreamingApplication.bytes(0).length;

	private static final int CHUNKS_OF_MEGABYTE = 1024 * 1024 / CHUNK;

	/** A text frame "hello", a ping frame "ping", and a close frame. */
	private static final byte[] WEB_SOCKET_FRAMES = { (byte) 0x81, (byte) 0x85, 1, 2, 3, 4, 'h' ^ 1, 'e' ^ 2, 'l' ^ 3,
			'l' ^ 4, 'o' ^ 1, (byte) 0x89, (byte) 0x84, 1, 2, 3, 4, 'p' ^ 1, 'i' ^ 2, 'n' ^ 3, 'g' ^ 4, (byte) 0x88,
			(byte) 0x82, 1, 2, 3, 4, 0x03 ^ 1, (byte) (0xe8 ^ 2) };

	private final int port;

	private final boolean secure;

	/** The size of large bodies. */
	private final int megabytes;

	/** Separate loops, because the global ones are those of the application. */
	private final LoopResources loops = LoopResources.create("client", 1, true);

	private final ConnectionProvider connections = ConnectionProvider.create("client", 1);

	private final Map<String, String> answers = new LinkedHashMap<>();

	Exchanges(int port, boolean secure) {
		this.port = port;
		this.secure = secure;
		// TLS in the JDK is slow until its ciphers are compiled.
		this.megabytes = secure ? 8 : 64;
	}

	/** Send all requests, one after the other. */
	Map<String, String> run() throws Exception {
		keepAlive();
		upload();
		webSocket();
		cancel();
		http2();
		return this.answers;
	}

	private void keepAlive() throws Exception {
		try (RawConnection connection = connect()) {
			for (String path : new String[] { "/text", "/chunks", "/events", "/refused", "/failing", "/missing",
					"/download/" + this.megabytes, "/text" }) {
				keep("GET " + path, connection.request("GET", path).answer(true));
			}
			keep("HEAD", connection.request("HEAD", "/text").answer(false));
			keep("OPTIONS", connection.request("OPTIONS", "/text").answer(true));
			keep("not a method", connection.request("BREW", "/text").answer(true));
			keep("HTTP/1.0", connection.send("GET /text HTTP/1.0\r\n\r\n").rest());
		}
		try (RawConnection connection = connect()) {
			keep("close", connection.request("GET", "/text", "Connection: close").rest());
		}
		try (RawConnection connection = connect()) {
			keep("not HTTP", connection.send("what is this?\r\n\r\n").rest());
		}
	}

	private void upload() throws Exception {
		try (RawConnection connection = connect()) {
			connection.request("POST", "/upload", "Content-Length: " + this.megabytes * 1024 * 1024);
			for (int i = 0; i < this.megabytes * CHUNKS_OF_MEGABYTE; i++) {
				connection.send(StreamingApplication.bytes(i));
			}
			keep("upload", connection.answer(true));
			connection.request("POST", "/upload", "Transfer-Encoding: chunked");
			for (int i = 0; i < 10; i++) {
				connection.send(Integer.toHexString(CHUNK) + "\r\n").send(StreamingApplication.bytes(i)).send("\r\n");
			}
			keep("upload in chunks", connection.send("0\r\n\r\n").answer(true));
			connection.request("POST", "/upload", "Content-Length: 4", "Expect: 100-continue");
			keep("100", connection.head());
			keep("upload after 100", connection.send("body").answer(true));
		}
	}

	private void webSocket() throws Exception {
		try (RawConnection connection = connect()) {
			connection.request("GET", "/socket", "Upgrade: websocket", "Connection: Upgrade",
					"Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
			keep("WebSocket", connection.head());
			keep("WebSocket frames", connection.send(WEB_SOCKET_FRAMES).rest());
		}
	}

	/** Read the beginning of an answer, and close the connection. */
	private void cancel() throws Exception {
		try (RawConnection connection = connect()) {
			connection.request("GET", "/download/" + CANCELLED_MEGABYTES);
			keep("cancelled head", connection.head());
			keep("cancelled beginning", connection.read(4 * 1024 * 1024));
		}
	}

	private void http2() {
		HttpClient client = HttpClient.create(this.connections).runOn(this.loops).port(this.port).host("127.0.0.1");
		if (this.secure) {
			GenericSslContextSpec<?> trusting = Http2SslContextSpec.forClient()
				.configure((ssl) -> ssl.trustManager(InsecureTrustManagerFactory.INSTANCE));
			client = client.protocol(HttpProtocol.H2).secure((spec) -> spec.sslContext(trusting));
		}
		else {
			client = client.protocol(HttpProtocol.H2C);
		}
		for (String path : new String[] { "/text", "/chunks", "/events", "/refused", "/failing", "/missing",
				"/download/" + HTTP2_MEGABYTES }) {
			keep("HTTP/2 GET " + path, answer(client.get().uri(path)));
		}
		keep("HTTP/2 HEAD", answer(client.head().uri("/text")));
		keep("HTTP/2 upload",
				answer(client.post()
					.uri("/upload")
					.send(Flux.range(0, HTTP2_MEGABYTES * CHUNKS_OF_MEGABYTE)
						.map((i) -> Unpooled.wrappedBuffer(StreamingApplication.bytes(i))))));
		keep("HTTP/2 cancelled",
				client.get()
					.uri("/download/" + CANCELLED_MEGABYTES)
					.response((response, body) -> body.asByteArray()
						.take(10)
						.then(Mono.just(RawConnection.comparable("\r\n" + headOf(response)))))
					.blockLast(TIMEOUT));
		keep("HTTP/2 after it", answer(client.get().uri("/text")));
	}

	private static String answer(HttpClient.ResponseReceiver<?> request) {
		return request
			.response((response, body) -> body.aggregate()
				.asByteArray()
				.defaultIfEmpty(new byte[0])
				.map((received) -> RawConnection.comparable("\r\n" + headOf(response) + "\r\n")
						+ RawConnection.describe(received)))
			.blockLast(TIMEOUT);
	}

	private static String headOf(HttpClientResponse response) {
		return response.version() + " " + response.status() + "\r\n" + response.responseHeaders()
			.entries()
			.stream()
			// Added by the client.
			.filter((header) -> !header.getKey().equals("x-http2-stream-id"))
			.map((header) -> header.getKey() + ": " + header.getValue() + "\r\n")
			.collect(Collectors.joining());
	}

	private RawConnection connect() throws IOException, GeneralSecurityException {
		if (!this.secure) {
			return new RawConnection(new Socket(InetAddress.getLoopbackAddress(), this.port));
		}
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
		return new RawConnection(context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), this.port));
	}

	private void keep(String name, String answer) {
		this.answers.merge(name, answer, (first, second) -> first + "\n" + second);
	}

	@Override
	public void close() {
		this.connections.dispose();
		this.loops.dispose();
	}

}
