package io.github.eventloop.netty;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

import javax.net.ssl.KeyManagerFactory;

import io.netty.handler.codec.quic.Quic;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.junit.jupiter.api.Assumptions;
import reactor.netty.http.Http3SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Configuration of servers and clients of Reactor Netty for HTTP/3.
 */
public final class Http3 {

	private static final String PASSWORD = "changeit";

	private Http3() {
	}

	/** Skip the tests where there is no native library of QUIC. */
	public static void require() {
		Assumptions.assumeTrue(Quic.isAvailable(), () -> "QUIC is not available: " + Quic.unavailabilityCause());
	}

	/**
	 * Configure a server, with a certificate that is created for it.
	 * @param server the server
	 * @param directory an empty directory
	 */
	public static HttpServer serve(HttpServer server, Path directory) {
		return server.protocol(HttpProtocol.HTTP3)
			.secure((spec) -> spec.sslContext(Http3SslContextSpec.forServer(keys(directory), PASSWORD)))
			.http3Settings((settings) -> settings.maxData(10_000_000)
				.maxStreamDataBidirectionalRemote(1_000_000)
				.maxStreamsBidirectional(100));
	}

	/** Configure a client that trusts any server. */
	public static HttpClient connect(HttpClient client, int port) {
		return client.protocol(HttpProtocol.HTTP3)
			.secure((spec) -> spec.sslContext(Http3SslContextSpec.forClient()
				.configure((context) -> context.trustManager(InsecureTrustManagerFactory.INSTANCE))))
			.http3Settings((settings) -> settings.maxData(10_000_000).maxStreamDataBidirectionalLocal(1_000_000))
			.baseUrl("https://127.0.0.1:" + port);
	}

	private static KeyManagerFactory keys(Path directory) {
		Path file = directory.resolve("server.p12");
		try {
			assertThat(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
					"-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost", "-storetype",
					"PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD)
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
			return factory;
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException("No certificate", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
