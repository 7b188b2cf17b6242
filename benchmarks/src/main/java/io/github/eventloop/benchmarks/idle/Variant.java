package io.github.eventloop.benchmarks.idle;

import java.util.Locale;
import java.util.regex.Pattern;

import io.github.eventloop.benchmarks.process.Application;

/**
 * How an idle application is watched.
 */
enum Variant {

	/** Not at all. */
	WITHOUT("without the library", "eventloop.enabled=false"),

	/** By the library, as it comes. */
	WITH("with it", "eventloop.enabled=true"),

	/** As others do: by a task at a fixed rate on each loop. */
	PROBE("without it, a task on each loop each 20 ms", "eventloop.enabled=false probe=true"),

	/** The worker threads too. */
	WORKERS("with it and `eventloop.workers.enabled=true`", "eventloop.workers.enabled=true"),

	/** Blocking calls too. */
	DETECTOR("with it and `eventloop.blocking.detector=jfr`", "eventloop.blocking.detector=jfr"),

	/** Loops that the application brings itself too. */
	FOREIGN("with it and 64 [foreign loops](foreign.md)", "foreign=64");

	private final String what;

	private final String properties;

	Variant(String what, String properties) {
		this.what = what;
		this.properties = properties;
	}

	String what() {
		return this.what;
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
