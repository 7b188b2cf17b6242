package io.github.eventloop.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that an application whose output is broken keeps serving requests and being
 * monitored.
 */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class BrokenOutputTests {

	/** Each write fails because the device is full. */
	private static final Path FULL = Path.of("/dev/full");

	/** No user can create a file there, not even root. */
	private static final Path READ_ONLY = Path.of("/proc");

	@TempDir
	private Path directory;

	@Test
	void whenDiskIsFullShouldContinue() throws Exception {
		try (ForkedApplication application = ForkedApplication.start(this.directory, FULL,
				"--logging.file.name=" + FULL, FaultyApplication.LOG_EVERY_STALL)) {
			assertContinues(application);
		}
	}

	@Test
	void whenOutputIsNotReadShouldContinue() throws Exception {
		Path pipe = this.directory.resolve("pipe");
		assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
		// Keeps the pipe open without reading from it.
		Process holder = sh("exec sleep 100 3<>'" + pipe + "'");
		Process filler = null;
		try (ForkedApplication application = ForkedApplication.start(this.directory, pipe,
				"-Dreactor.netty.ioWorkerCount=1", FaultyApplication.LOG_EVERY_STALL,
				"--eventloop.shedding.enabled=true", "--eventloop.shedding.policy=lag",
				"--eventloop.shedding.start-lag=250ms", "--eventloop.shedding.full-lag=300ms")) {
			// More than the pipe can hold.
			filler = sh("exec head -c 1000000 /dev/zero >'" + pipe + "'");
			assertContinues(application);
			// Shed requests are logged at the end of a second.
			Client connected = application.client();
			assertThat(connected.get("/loop").statusCode()).isEqualTo(200);
			await(() -> {
				application.client().begin("/sleep/900");
				assertThat(connected.get("/loop").statusCode()).isEqualTo(503);
			});
			long second = application.client().newestSecond();
			await(() -> assertThat(application.client().newestSecond()).isGreaterThan(second + 2000));
		}
		finally {
			holder.destroyForcibly();
			if (filler != null) {
				filler.destroyForcibly();
			}
		}
	}

	private static Process sh(String command) throws IOException {
		return new ProcessBuilder("sh", "-c", command).start();
	}

	@Test
	void whenFileSystemIsReadOnlyShouldLogItAndContinue() throws Exception {
		try (ForkedApplication application = ForkedApplication.start(this.directory, this.directory.resolve("output"),
				READ_ONLY, "-Djava.io.tmpdir=" + READ_ONLY, "--eventloop.blocking.detector=jfr")) {
			assertContinues(application);
			await(() -> assertThat(application.output()).containsOnlyOnce("Blocking calls on event loops")
				.contains("JDK Flight Recorder failed", "-Djava.io.tmpdir", "SLEEPING at"));
		}
	}

	private static void assertContinues(ForkedApplication application) {
		Client client = application.client();
		for (int i = 0; i < 10; i++) {
			client.get("/sleep/150");
		}
		assertThat(client.stalls()).hasSizeGreaterThanOrEqualTo(10);
		long second = client.newestSecond();
		await(() -> assertThat(client.newestSecond()).isGreaterThan(second));
		assertThat(client.get("/loop").body()).startsWith("reactor-http-");
		assertThat(application.isAlive()).isTrue();
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(assertion);
	}

}
