package io.github.eventloop.benchmarks.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.eventloop.benchmarks.ChildProcess;
import io.github.eventloop.benchmarks.Program;

/**
 * Gradle, as far as it is published as a library: it evaluates a build script and
 * resolves its dependencies, but runs no tasks.
 */
final class Gradle {

	private static final Path LIBRARIES = Program.TOOLS.resolve("gradle");

	private static final String RESOLVE = """
			import java.io.File;
			import java.util.Map;

			import org.gradle.api.Project;
			import org.gradle.testfixtures.ProjectBuilder;

			public class Resolve {

				public static void main(String[] arguments) {
					File directory = new File(arguments[0]);
					Project project = ProjectBuilder.builder()
						.withProjectDir(directory)
						.withGradleUserHomeDir(new File(directory, "gradle-home"))
						.build();
					project.apply(Map.of("from", "build.gradle"));
					System.out.println("class path " + project.getConfigurations().getByName(arguments[1]).getAsPath());
					// Its threads are no daemons.
					System.exit(0);
				}

			}
			""";

	private Gradle() {
	}

	/** Return whether it is installed, and supports this JDK. */
	static boolean isAvailable() {
		return Files.exists(LIBRARIES) && Runtime.version().feature() <= 23;
	}

	/** Return the files of a configuration, as a class path. */
	static String resolve(Path project, String configuration) throws IOException {
		Path program = Files.writeString(project.resolve("Resolve.java"), RESOLVE);
		try (ChildProcess gradle = ChildProcess.start("gradle-" + configuration, project,
				List.of(Program.jdk("java"), "--add-opens=java.base/java.lang=ALL-UNNAMED", "-cp", LIBRARIES + "/*",
						program.toString(), project.toString(), configuration))) {
			return gradle.await("^class path (.+)$", Duration.ofMinutes(3)).get(0).group(1);
		}
	}

}
