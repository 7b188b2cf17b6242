package io.github.eventloop.benchmarks.cost;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * One of the servers that are compared, all of them in one JVM.
 */
enum Side {

	/** Without the library. */
	STOCK("without the library", null, "eventloop.enabled=false"),

	/** The same once more: what differs between these two is noise. */
	STOCK_TOO("the same once more", STOCK, "eventloop.enabled=false"),

	/** What any filter costs. */
	FILTERED("without it, but with a filter that does nothing", null,
			"eventloop.enabled=false " + ComparedApplication.FILTER + "=true"),

	/** The loops note their turns, and are watched. */
	LOOPS("loops watched", null, Side.UNTRACKED + Side.KEPT + Side.UNEXPOSED),

	/** With the filter that counts requests in flight and tells stalls whose they are. */
	REQUESTS("and requests tracked", LOOPS, Side.KEPT + Side.UNEXPOSED),

	/** With the observer that lets go of connections when out of service. */
	CONNECTIONS("and connections let go when out of service", REQUESTS, Side.UNEXPOSED),

	/** With the endpoint on the port of the application: all that is on by default. */
	AS_IT_COMES("and the endpoint: as it comes", CONNECTIONS, ""),

	/** All requests are let in. */
	SHEDDING("and shedding", AS_IT_COMES,
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
	 * Return what it is, in words.
	 */
	String title() {
		return this.title;
	}

	/**
	 * Return the side that it has one thing more than.
	 * @return the side, or empty if that is the mean of both without the library
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
