package io.github.eventloop.benchmarks.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.netty.util.Version;
import org.springframework.boot.SpringBootVersion;
import reactor.netty.http.server.HttpServer;

import io.github.eventloop.benchmarks.process.Command;

/**
 * Description of the machine and the versions that the results are from.
 */
final class Machine {

	private static final Pattern MODEL = Pattern.compile("model name\\s*:\\s*(.+)");

	private static final Pattern MEMORY = Pattern.compile("MemTotal:\\s*(\\d+) kB");

	private Machine() {
	}

	/**
	 * Describe the machine and the versions.
	 * @return a table in Markdown
	 */
	static String describe() {
		return """
				| | |
				| --- | --- |
				| CPUs | %d: %s |
				| memory | %s kB |
				| operating system | %s %s, %s |
				| JVM | %s %s |
				| Spring Boot | %s |
				| Netty, Reactor Netty | %s, %s |
				""".formatted(Runtime.getRuntime().availableProcessors(), find(MODEL, "/proc/cpuinfo"),
				find(MEMORY, "/proc/meminfo"), System.getProperty("os.name"),
				System.getProperty("os.version").replaceFirst("-.*", ""), System.getProperty("os.arch"),
				System.getProperty("java.vm.name"), System.getProperty("java.vm.version"),
				SpringBootVersion.getVersion(),
				Optional.ofNullable(Version.identify().get("netty-common"))
					.map(Version::artifactVersion)
					.orElse("unknown"),
				Optional.ofNullable(HttpServer.class.getPackage().getImplementationVersion()).orElse("unknown"));
	}

	/**
	 * Describe the date and the commit of a run.
	 * @param root the root directory of the project
	 * @return a sentence in Markdown
	 */
	static String provenance(Path root) {
		return "Made on %s at commit %s.".formatted(LocalDate.now(ZoneOffset.UTC), commit(root));
	}

	private static String commit(Path root) {
		try {
			Command git = Command.run(Path.of(System.getProperty("java.io.tmpdir")), "",
					List.of("git", "-C", root.toString(), "describe", "--always", "--dirty=, with changes"));
			return (git.status() == 0) ? git.output().strip() : "unknown";
		}
		catch (UncheckedIOException ex) {
			return "unknown";
		}
	}

	private static String find(Pattern pattern, String file) {
		try {
			Matcher matcher = pattern.matcher(Files.readString(Path.of(file)));
			return matcher.find() ? matcher.group(1).strip() : "unknown";
		}
		catch (IOException ex) {
			return "unknown";
		}
	}

}
