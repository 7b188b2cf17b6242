package io.github.eventloop.stall;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a stall by many simultaneous TLS handshakes on one event loop.
 */
@Tag("slow")
class TlsHandshakesTests {

	private static final int CLIENTS = 40;

	private static final String PASSWORD = "changeit";

	@TempDir
	private Path directory;

	@Test
	void whenManyClientsHandshakeAtOnceShouldNotBeAFlood() throws Exception {
		SslContext context = serverContext();
		try (StallRig rig = new StallRig(1)) {
			DisposableServer server = HttpServer.create()
				.runOn(rig.resources())
				.host("127.0.0.1")
				.port(0)
				.secure((spec) -> spec.sslContext(context).handshakeTimeout(Duration.ofMinutes(1)))
				.handle((request, response) -> response.send())
				.bindNow();
			try {
				assertThat(stallOf(rig, server.port())).satisfies((stall) -> {
					assertThat(stall.cause()).isEqualTo(StallCause.COMPUTING);
					assertThat(stall.code().doing()).isNotNull();
					assertThat(stall.advice()).contains("TLS handshakes");
				});
			}
			finally {
				server.disposeNow();
			}
		}
	}

	/**
	 * Tries repeatedly, because the first handshakes load and compile classes, and a busy
	 * machine may starve the loop.
	 */
	private static Stall stallOf(StallRig rig, int port) throws Exception {
		for (int attempt = 1;; attempt++) {
			handshake(port);
			Stall stall = rig.takeEnded();
			System.out.println(stall.summary() + " " + stall.duration() + " events " + stall.work().events()
					+ " tasks started " + stall.work().tasksStarted() + " " + stall.advice());
			boolean cold = stall.advice().startsWith("The first use ");
			if ((stall.cause() == StallCause.COMPUTING && !cold) || attempt == 20) {
				return stall;
			}
			rig.ended.clear();
		}
	}

	private static void handshake(int port) throws Exception {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
		ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
		CountDownLatch connected = new CountDownLatch(CLIENTS);
		try {
			Callable<Void> client = () -> handshake(context, port, connected);
			for (Future<Void> handshake : clients.invokeAll(Collections.nCopies(CLIENTS, client))) {
				handshake.get();
			}
		}
		finally {
			clients.shutdownNow();
		}
	}

	private static Void handshake(SSLContext context, int port, CountDownLatch connected) throws Exception {
		try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			connected.countDown();
			connected.await();
			socket.startHandshake();
			return null;
		}
	}

	private SslContext serverContext() throws IOException, InterruptedException, GeneralSecurityException {
		Path file = this.directory.resolve("server.p12");
		assertThat(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "server", "-keyalg", "RSA", "-keysize", "3072", "-dname", "CN=localhost",
				"-keystore", file.toString(), "-storepass", PASSWORD)
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start()
			.waitFor()).isZero();
		KeyStore keys = KeyStore.getInstance("PKCS12");
		try (InputStream input = Files.newInputStream(file)) {
			keys.load(input, PASSWORD.toCharArray());
		}
		KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		factory.init(keys, PASSWORD.toCharArray());
		return SslContextBuilder.forServer(factory).sslProvider(SslProvider.JDK).build();
	}

}
