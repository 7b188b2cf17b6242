package io.github.eventloop.blocking.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.eventloop.blocking.ForkedOffenders;
import io.github.eventloop.blocking.ForkedOffenders.Call;
import io.github.eventloop.blocking.ForkedOffenders.Detected;
import io.github.eventloop.blocking.Offender;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JfrBlockingDetector}, with real event loops in separate JVMs.
 */
class JfrBlockingDetectorTests {

	/**
	 * The event loop thread may lose its CPU before the call, which does not postpone the
	 * end of the call.
	 */
	private static final Duration SHORTEST = Duration.ofMillis(Offender.MILLIS - 30);

	@TempDir
	private Path directory;

	@ParameterizedTest
	@Tag("slow")
	@CsvSource({ "17, false, epoll", "25, true, nio" })
	void shouldReportKindLineAndLengthOfEachCall(int jdk, boolean noNative, String transport) throws Exception {
		ForkedOffenders forked = run(jdk, "-Dio.netty.transport.noNative=" + noNative);
		assertThat(forked.warnings()).isEmpty();
		assertThat(forked.calls()).hasSize(Offender.values().length).allSatisfy((call) -> {
			Offender offender = call.offender();
			assertThat(forked.detected(offender)).as("%s in:%n%s", offender, forked.output())
				.singleElement()
				.satisfies((detected) -> {
					assertThat(detected.kind()).isEqualTo(offender.kind);
					assertThat(detected.count()).isOne();
					assertThat(detected.loop()).startsWith("reactor-http-" + transport);
					assertThat(detected.line()).isBetween(call.line(), lastLineOf(call));
					assertLength(call, detected);
				});
		});
	}

	/** While it waits for a monitor, the interpreter reports the next instruction. */
	private static int lastLineOf(Call call) {
		return (call.offender() == Offender.LOCK) ? call.line() + 1 : call.line();
	}

	private static void assertLength(Call call, Detected detected) {
		if (call.offender() != Offender.PROCESS) {
			assertThat(detected.length()).isBetween(SHORTEST, call.length());
		}
	}

	@Test
	void whenDirectoryIsNotWritableShouldWarnAndNotAffectApplication() throws Exception {
		Path file = Files.createFile(this.directory.resolve("file"));
		ForkedOffenders forked = run(17, "-Djava.io.tmpdir=" + file, "-Dtimeout=100", "-Dsettle=0");
		assertThat(forked.detects()).isFalse();
		assertThat(forked.detected()).isEmpty();
		assertThat(forked.calls()).hasSize(Offender.values().length);
		assertThat(forked.warnings()).singleElement()
			.asString()
			.contains("JDK Flight Recorder failed", file.toString(), "-Djava.io.tmpdir", "repository=",
					"eventloop.blocking.detector=none");
	}

	@Test
	void whenModuleIsMissingShouldWarnAndNotAffectApplication() throws Exception {
		ForkedOffenders forked = run(17, "--limit-modules=java.se,jdk.unsupported,jdk.management,jdk.zipfs",
				"-Dtimeout=100", "-Dsettle=0");
		assertThat(forked.detects()).isFalse();
		assertThat(forked.calls()).hasSize(Offender.values().length);
		assertThat(forked.warnings()).singleElement()
			.asString()
			.contains("no module jdk.jfr", "jlink --add-modules jdk.jfr", "eventloop.blocking.detector=none");
	}

	private ForkedOffenders run(int jdk, String... arguments) throws IOException, InterruptedException {
		String[] all = new String[arguments.length + 1];
		all[0] = "--eventloop.blocking.detector=jfr";
		System.arraycopy(arguments, 0, all, 1, arguments.length);
		return ForkedOffenders.run(ForkedOffenders.jdk(jdk), this.directory, (jar) -> true, all);
	}

}
