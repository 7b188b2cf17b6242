package io.github.eventloop.blocking;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.eventloop.blocking.ForkedOffenders.Offence;
import io.github.eventloop.blocking.ForkedOffenders.Seen;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JfrBlockingDetector}, with real loops in JVMs of their own.
 */
class JfrBlockingDetectorTests {

	/**
	 * The loop may lose its CPU before and after the call, which ends no earlier for
	 * that.
	 */
	private static final Duration SHORTEST = Duration.ofMillis(Offender.MILLIS - 30);

	@TempDir
	private Path directory;

	@ParameterizedTest
	@Tag("slow")
	@CsvSource({ "17, false, epoll", "25, true, nio" })
	void shouldNameKindLineAndLengthOfEachOffence(int jdk, boolean noNative, String transport) throws Exception {
		ForkedOffenders forked = run(jdk, "-Dio.netty.transport.noNative=" + noNative);
		assertThat(forked.warnings()).isEmpty();
		assertThat(forked.offences()).hasSize(Offender.values().length).allSatisfy((offence) -> {
			Offender offender = offence.offender();
			assertThat(forked.seen(offender)).as("%s in:%n%s", offender, forked.output())
				.singleElement()
				.satisfies((seen) -> {
					assertThat(seen.kind()).isEqualTo(offender.kind);
					assertThat(seen.count()).isOne();
					assertThat(seen.loop()).startsWith("reactor-http-" + transport);
					assertThat(seen.line()).isBetween(offence.line(), lastLineOf(offence));
					hasLengthOf(offence, seen);
				});
		});
	}

	/** The interpreter is one instruction ahead where it waits for a monitor. */
	private static int lastLineOf(Offence offence) {
		return (offence.offender() == Offender.LOCK) ? offence.line() + 1 : offence.line();
	}

	private static void hasLengthOf(Offence offence, Seen seen) {
		if (offence.offender() != Offender.PROCESS) {
			assertThat(seen.length()).isBetween(SHORTEST, offence.length());
		}
	}

	@Test
	void whenDirectoryCannotBeWrittenToShouldSaySoAndLetTheApplicationGoOn() throws Exception {
		Path file = Files.createFile(this.directory.resolve("file"));
		ForkedOffenders forked = run(17, "-Djava.io.tmpdir=" + file, "-Dpatience=100", "-Dsettle=0");
		assertThat(forked.detects()).isFalse();
		assertThat(forked.seen()).isEmpty();
		assertThat(forked.offences()).hasSize(Offender.values().length);
		assertThat(forked.warnings()).singleElement()
			.asString()
			.contains("JDK Flight Recorder failed", file.toString(), "-Djava.io.tmpdir", "repository=",
					"eventloop.blocking.detector=none");
	}

	@Test
	void whenModuleIsMissingShouldSaySoAndLetTheApplicationGoOn() throws Exception {
		ForkedOffenders forked = run(17, "--limit-modules=java.se,jdk.unsupported,jdk.management,jdk.zipfs",
				"-Dpatience=100", "-Dsettle=0");
		assertThat(forked.detects()).isFalse();
		assertThat(forked.offences()).hasSize(Offender.values().length);
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
