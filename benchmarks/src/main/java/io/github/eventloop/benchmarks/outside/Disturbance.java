package io.github.eventloop.benchmarks.outside;

import java.util.List;

/**
 * What disturbs the loops: visits to an offender of the sample.
 *
 * @param name the name of the offender
 * @param query what to ask it for
 * @param perSecond how many visits a second
 */
record Disturbance(String name, String query, double perSecond) {

	/**
	 * Every offender of the sample, so long and so often that a few percent of all
	 * requests meet it: with one percent the 99th percentile would be a matter of luck.
	 */
	static final List<Disturbance> ALL = List.of(new Disturbance("sleep", "millis=100", 1),
			new Disturbance("http", "millis=150", 1), new Disturbance("jdbc", "orders=150", 1),
			new Disturbance("file", "suppliers=1", 1), new Disturbance("fibonacci", "n=36", 1),
			new Disturbance("bcrypt", "strength=10", 1), new Disturbance("regex", "coupon=AUTUMNSALEFREEDELIV", 2),
			new Disturbance("sort", "products=40000", 1), new Disturbance("json", "", 2),
			new Disturbance("garbage", "rows=4000", 2), new Disturbance("flood", "tasks=10000", 1));

	/**
	 * Return whether it is visited with a body.
	 * @return whether it has to be posted to
	 */
	boolean posts() {
		return this.name.equals("json");
	}

	String path() {
		return "/offenders/" + this.name + (this.query.isEmpty() ? "" : "?" + this.query);
	}

}
