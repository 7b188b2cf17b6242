package io.github.eventloop.benchmarks.cost;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * One of the compared servers, all of which run in one JVM.
 */
enum Side {

	/** Without the library. */
	STOCK("without the library", null, "eventloop.enabled=false"),

	/** The same again: the difference between the two is noise. */
	STOCK_TOO("the same once more", STOCK, "eventloop.enabled=false"),

	/** With the cost of any filter. */
	FILTERED("without it, but with a filter that does nothing", null,
			"eventloop.enabled=false " + ComparedApplication.FILTER + "=true"),

	/** With loops that record their iterations and are monitored. */
	LOOPS("loops monitored", null, Side.UNTRACKED + Side.KEPT + Side.UNEXPOSED),

	/**
	 * With the filter that counts requests in flight and attributes stalls to requests.
	 */
	REQUESTS("and requests tracked", LOOPS, Side.KEPT + Side.UNEXPOSED),

	/** With the observer that closes connections when out of service. */
	CONNECTIONS("and connections closed when out of service", REQUESTS, Side.UNEXPOSED),

	/**
	 * With the endpoint on the port of the application: everything that is enabled by
	 * default.
	 */
	DEFAULTS("and the endpoint: the defaults", CONNECTIONS, ""),

	/** With shedding enabled, at thresholds that accept all requests. */
	SHEDDING("and shedding", DEFAULTS,
			"eventloop.shedding.enabled=true eventloop.shedding.start-lag=30s eventloop.shedding.full-lag=60s");

	private static final String UNTRACKED = ComparedApplication.WITHOUT + "=eventLoopRequestTrackingWebFilter ";

	private static final String KEPT = "eventloop.readiness.close-connections=false ";

	private static final String UNEXPOSED = "management.endpoint.eventloop.access=none";

	private final String title;

	private final @Nullable Side base;

	private final String properties;

	Side(String title, @Nullable Side base, String properties) {
		this.title = title;
		this.base = base;
		this.properties = properties;
	}

	/**
	 * Return the title of the side in tables.
	 */
	String title() {
		return this.title;
	}

	/**
	 * Return the side that this one adds a feature to.
	 * @return the side, or empty for the mean of both sides without the library
	 */
	Optional<Side> base() {
		return Optional.ofNullable(this.base);
	}

	String[] arguments() {
		return Stream.of("server.port=0 server.address=127.0.0.1", this.properties)
			.flatMap((properties) -> Pattern.compile(" ").splitAsStream(properties))
			.filter((property) -> !property.isEmpty())
			.map((property) -> "--" + property)
			.toArray(String[]::new);
	}

}
