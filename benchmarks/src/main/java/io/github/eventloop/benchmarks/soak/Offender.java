package io.github.eventloop.benchmarks.soak;

import java.util.List;

/**
 * An offender of the sample.
 *
 * @param path its path below {@code /offenders/}, with parameters for a duration of about
 * 0.2 to 0.6 s
 * @param culprit the simple name of the class that a stall has to name as its culprit
 */
record Offender(String path, String culprit) {

	static final List<Offender> ALL = List.of(new Offender("sleep?millis=200", "SleepController"),
			new Offender("http?millis=250", "HttpController"), new Offender("fibonacci?n=38", "FibonacciController"),
			new Offender("regex", "RegexController"), new Offender("bcrypt?strength=12", "BcryptController"),
			new Offender("sort", "SortController"), new Offender("jdbc", "JdbcController"),
			new Offender("file", "PriceList"));

	/**
	 * Return whether a stall is attributed to this offender.
	 * @param stall the stall
	 * @return whether its culprit is that class, or a nested class
	 */
	boolean isCulpritOf(ReportedStall stall) {
		return stall.culprit().matches(".*\\." + this.culprit + "(\\$.*)?");
	}

}
