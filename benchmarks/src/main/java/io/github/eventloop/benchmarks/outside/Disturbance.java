package io.github.eventloop.benchmarks.outside;

import java.util.List;

/**
 * A disturbance of the loops: requests to an offender of the sample.
 *
 * @param name the name of the offender
 * @param query the query of the request
 * @param perSecond requests per second
 */
record Disturbance(String name, String query, double perSecond) {

	/**
	 * Every offender of the sample, with durations and rates at which a few percent of
	 * all requests are affected: at one percent, the 99th percentile would be a matter of
	 * chance.
	 */
	static final List<Disturbance> ALL = List.of(new Disturbance("sleep", "millis=100", 1),
			new Disturbance("http", "millis=150", 1), new Disturbance("jdbc", "orders=150", 1),
			new Disturbance("file", "suppliers=1", 1), new Disturbance("fibonacci", "n=36", 1),
			new Disturbance("bcrypt", "strength=10", 1), new Disturbance("regex", "coupon=AUTUMNSALEFREEDELIV", 2),
			new Disturbance("sort", "products=40000", 1), new Disturbance("json", "", 2),
			new Disturbance("garbage", "rows=4000", 2), new Disturbance("flood", "tasks=10000", 1));

	/**
	 * Return whether the offender expects a body.
	 * @return whether to send a POST request
	 */
	boolean posts() {
		return this.name.equals("json");
	}

	String path() {
		return "/offenders/" + this.name + (this.query.isEmpty() ? "" : "?" + this.query);
	}

}
