package io.github.eventloop.benchmarks.start;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Scanner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.eventloop.benchmarks.process.Application;
import io.github.eventloop.benchmarks.process.Instance;

/**
 * The time and memory of one application start.
 *
 * @param millis the duration, as reported by Spring Boot
 * @param cpuMillis CPU time of the process until then
 * @param heap bytes, after a garbage collection
 * @param metaspace bytes
 * @param classes the number of loaded classes
 */
record Start(double millis, double cpuMillis, double heap, double metaspace, double classes) {

	private static final Pattern TAKEN = Pattern.compile(StartedApplication.TAKEN + "([\\d ]+)\\.");

	/**
	 * Start an application, and stop it.
	 * @param library whether the library is on its class path
	 * @param loops the number of its loops
	 * @param directory the directory for its log
	 * @return the measurements
	 */
	static Start of(boolean library, int loops, Path directory) {
		Application application = Application
			.of(StartedApplication.class, (entry) -> library || !entry.contains("eventloop-spring-boot"))
			.loops(loops)
			.jvm("-Xms128m", "-Xmx128m", "-XX:+UseSerialGC");
		try (Instance instance = application.start((library ? "with-" : "without-") + loops, directory)) {
			String output = instance.process()
				.await("the measurements of its start", (log) -> TAKEN.matcher(log).find(), Duration.ofSeconds(60));
			Matcher taken = TAKEN.matcher(output);
			taken.find();
			Scanner figures = new Scanner(taken.group(1));
			return new Start(figures.nextLong() / 1e6, figures.nextLong() / 1e6, figures.nextLong(), figures.nextLong(),
					figures.nextLong());
		}
	}

}
