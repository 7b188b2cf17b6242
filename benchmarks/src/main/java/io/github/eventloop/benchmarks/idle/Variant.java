package io.github.eventloop.benchmarks.idle;

import java.util.Locale;
import java.util.regex.Pattern;

import io.github.eventloop.benchmarks.process.Application;

/**
 * How an idle application is monitored.
 */
enum Variant {

	/** Not at all. */
	WITHOUT("without the library", "eventloop.enabled=false"),

	/** By the library, with its defaults. */
	WITH("with it", "eventloop.enabled=true"),

	/** By a task at a fixed rate on each loop. */
	PROBE("without it, a task on each loop every 20 ms", "eventloop.enabled=false probe=true"),

	/** Worker threads as well. */
	WORKERS("with it and `eventloop.workers.enabled=true`", "eventloop.workers.enabled=true"),

	/** Blocking calls as well. */
	DETECTOR("with it and `eventloop.blocking.detector=jfr`", "eventloop.blocking.detector=jfr"),

	/** Loops that the application creates itself as well. */
	EXTERNAL("with it and 64 [external loops](external-loops.md)", "external=64");

	private final String description;

	private final String properties;

	Variant(String description, String properties) {
		this.description = description;
		this.properties = properties;
	}

	String description() {
		return this.description;
	}

	String label() {
		return name().toLowerCase(Locale.ROOT);
	}

	Application application(int loops) {
		Application application = Application.of(IdleApplication.class)
			.loops(loops)
			.jvm("-Xmx128m", "-XX:+UseSerialGC");
		Pattern.compile(" ").splitAsStream(this.properties).forEach((property) -> {
			int equals = property.indexOf('=');
			application.property(property.substring(0, equals), property.substring(equals + 1));
		});
		return application;
	}

}
