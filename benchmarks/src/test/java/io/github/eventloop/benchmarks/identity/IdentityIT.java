package io.github.eventloop.benchmarks.identity;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import io.github.eventloop.benchmarks.Command;
import io.github.eventloop.benchmarks.Program;
import io.github.eventloop.monitor.EventLoopMonitor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the library does not change responses: the same requests get the same bytes
 * with and without it.
 */
@Timeout(180)
@ExtendWith(OutputCaptureExtension.class)
class IdentityIT {

	/**
	 * All optional features. Shedding, which changes responses by design, is enabled at a
	 * lag that is never reached.
	 */
	private static final String[] ALL = { "eventloop.blocking.detector=jfr", "eventloop.acceptor.dedicated=true",
			"eventloop.placement=least-lag", "eventloop.drill.enabled=true", "eventloop.liveness.enabled=true",
			"eventloop.workers.enabled=true", "management.endpoint.eventloop.show-details=always",
			"eventloop.shedding.enabled=true", "eventloop.shedding.start-lag=30s", "eventloop.shedding.full-lag=60s" };

	private final Level level = ResourceLeakDetector.getLevel();

	@TempDir
	private Path directory;

	@BeforeEach
	void enableLeakDetection() {
		ResourceLeakDetector.setLevel(Level.PARANOID);
	}

	@AfterEach
	void restoreLeakDetection() {
		ResourceLeakDetector.setLevel(this.level);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void answersShouldBeTheSameWithAndWithout(boolean secure, CapturedOutput output) throws Exception {
		Map<String, String> without = run(secure, "eventloop.enabled=false");
		assertThat(without.get("GET /text")).startsWith("HTTP/1.1 200 OK\r\n").endsWith("text with a length");
		assertThat(without.get("HTTP/2 GET /text")).contains("HTTP/2.0 200 OK").endsWith("text with a length");
		assertThat(without.get("WebSocket frames")).contains("echo hello", "ping");
		assertThat(without.get("100")).startsWith("HTTP/1.1 100 Continue");
		assertThat(without.get("upload")).contains((secure ? 8 : 64) * 1024 * 1024 + " bytes, ");
		assertThat(without.get("HTTP/2 upload")).contains(8 * 1024 * 1024 + " bytes, ");
		assertThat(run(secure)).containsExactlyEntriesOf(without);
		assertThat(run(secure, ALL)).containsExactlyEntriesOf(without);
		for (int i = 0; i < 10; i++) {
			System.gc();
			// Netty reports a leak when it allocates another buffer.
			ByteBufAllocator.DEFAULT.buffer(1).release();
		}
		assertThat(output).doesNotContain("LEAK:");
	}

	private Map<String, String> run(boolean secure, String... properties) throws Exception {
		List<String> arguments = new ArrayList<>();
		// A busy machine must not take the application out of service.
		arguments.add("--eventloop.health.stuck-after=60s");
		for (String property : properties) {
			arguments.add("--" + property);
		}
		if (secure) {
			arguments.add("--server.ssl.key-store=" + keyStore());
			arguments.add("--server.ssl.key-store-password=password");
		}
		try (ConfigurableApplicationContext context = StreamingApplication.run(arguments.toArray(String[]::new));
				Exchanges exchanges = new Exchanges(
						context.getEnvironment().getRequiredProperty("local.server.port", Integer.class), secure)) {
			Map<String, String> answers = exchanges.run();
			StreamingApplication application = context.getBean(StreamingApplication.class);
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(application.cancellations()).isEqualTo(Exchanges.CANCELLED));
			context.getBeanProvider(EventLoopMonitor.class).ifAvailable(IdentityIT::awaitNoRequests);
			return answers;
		}
	}

	private static void awaitNoRequests(EventLoopMonitor monitor) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(monitor.snapshot().loops()).isNotEmpty()
				.extracting((loop) -> loop.load().inFlightRequests())
				.containsOnly(0));
	}

	/** Created with keytool, once for each test. */
	private Path keyStore() {
		Path keyStore = this.directory.resolve("server.p12");
		if (!keyStore.toFile().exists()) {
			assertThat(Command.run(this.directory, "",
					List.of(Program.jdk("keytool"), "-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname",
							"CN=127.0.0.1", "-validity", "2", "-storetype", "PKCS12", "-keystore", keyStore.toString(),
							"-storepass", "password"))
				.status()).isZero();
		}
		return keyStore;
	}

}
