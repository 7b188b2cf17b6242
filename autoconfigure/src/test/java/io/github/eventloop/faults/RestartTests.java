package io.github.eventloop.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that an application that is restarted fifty times in one JVM, as devtools do,
 * leaves neither classes nor objects nor threads behind.
 */
@Tag("slow")
class RestartTests {

	private static final Pattern AFTER = Pattern
		.compile("AFTER \\d+ RESTARTS kept (\\d+) heap (\\d+) metaspace (\\d+) threads (\\d+)");

	private static final int MEGABYTE = 1024;

	@TempDir
	private Path directory;

	/**
	 * With the library restarted, as under development, and with the library in a jar,
	 * where only the application is restarted.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "io.github.eventloop.", "io.github.eventloop.faults." })
	void whenRestartedFiftyTimesShouldLeaveNothingBehind(String restarted) throws Exception {
		String output = run(restarted);
		List<MatchResult> after = AFTER.matcher(output).results().toList();
		assertThat(after).as(output).hasSize(2);
		assertThat(number(after.get(1), 2)).as(output).isLessThan(number(after.get(0), 2) + 4 * MEGABYTE);
		assertThat(number(after.get(1), 3)).as(output).isLessThan(number(after.get(0), 3) + 8 * MEGABYTE);
		assertThat(number(after.get(1), 4)).as(output).isLessThanOrEqualTo(number(after.get(0), 4) + 3);
		assertThat(number(after.get(1), 1)).as(output).isLessThanOrEqualTo(2);
	}

	private static int number(MatchResult match, int group) {
		return Integer.parseInt(match.group(group));
	}

	private String run(String restarted) throws Exception {
		Path output = this.directory.resolve("output");
		Process process = ForkedApplication.launch(RestartingApplication.class, output, this.directory, "-Xmx96m",
				"-XX:SoftRefLRUPolicyMSPerMB=0", "-Dlogging.level.root=error",
				"-D" + RestartingApplication.RESTARTED + "=" + restarted);
		try {
			assertThat(process.waitFor(250, TimeUnit.SECONDS)).as("%s", output).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		return Files.readString(output);
	}

}
