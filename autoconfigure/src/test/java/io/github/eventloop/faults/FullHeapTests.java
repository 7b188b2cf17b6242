package io.github.eventloop.faults;

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
 * That an application in which a handler fills the heap, so that nobody has any memory
 * for a while, is served and watched as before once there is some.
 */
@Tag("slow")
class FullHeapTests {

	@TempDir
	private Path directory;

	@Test
	void whenHeapIsFullForAWhileShouldGoOn() throws Exception {
		try (ForkedApplication application = ForkedApplication.start(this.directory, this.directory.resolve("output"),
				"-Xmx64m")) {
			for (int i = 0; i < 3; i++) {
				// Whether it is answered is for the server to say.
				application.client()
					.begin("/fill")
					.completeOnTimeout(null, 8, TimeUnit.SECONDS)
					.exceptionally((ex) -> null)
					.join();
			}
			// A connection that had nobody to take care of it may never be answered.
			await(() -> assertThat(application.client().begin("/loop").orTimeout(2, TimeUnit.SECONDS).join().body())
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

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(assertion);
	}

}
