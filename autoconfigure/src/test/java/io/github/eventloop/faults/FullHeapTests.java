package io.github.eventloop.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that an application whose heap is temporarily filled by a handler serves requests
 * and is monitored as before, once memory is available again.
 */
@Tag("slow")
class FullHeapTests {

	@TempDir
	private Path directory;

	@Test
	void whenHeapIsFullForAWhileShouldRecover() throws Exception {
		try (ForkedApplication application = ForkedApplication.start(this.directory, this.directory.resolve("output"),
				"-Xmx64m")) {
			for (int i = 0; i < 3; i++) {
				fill(application);
			}
			// A connection whose handling failed may never receive a response.
			await(() -> assertThat(application.client().begin("/loop").orTimeout(2, TimeUnit.SECONDS).join().body())
				.as(application::output)
				.startsWith("reactor-http-"));
			Client client = application.client();
			long second = client.newestSecond();
			await(() -> assertThat(client.newestSecond()).as(application::output).isGreaterThan(second + 1500));
			int stalls = client.stalls().size();
			client.get("/sleep/200");
			await(() -> assertThat(client.stalls()).as(application::output).hasSizeGreaterThan(stalls));
			assertThat(application.output()).contains("OutOfMemoryError");
		}
	}

	/**
	 * Fill the heap over an existing connection, and without opening another meanwhile:
	 * the loop that accepts connections may die if Netty cannot allocate memory on it.
	 */
	private static void fill(ForkedApplication application) throws IOException {
		try (Socket socket = application.connect()) {
			socket.setSoTimeout(60_000);
			request(socket, "/loop", "keep-alive");
			assertThat(socket.getInputStream().read()).isEqualTo('H');
			request(socket, "/fill", "close");
			// The response may be missing.
			socket.getInputStream().transferTo(OutputStream.nullOutputStream());
		}
		catch (SocketException ex) {
			// Closed by the server before the request was read completely.
		}
	}

	private static void request(Socket socket, String path, String connection) throws IOException {
		socket.getOutputStream()
			.write("GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: %s\r\n\r\n".formatted(path, connection)
				.getBytes(StandardCharsets.US_ASCII));
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(assertion);
	}

}
