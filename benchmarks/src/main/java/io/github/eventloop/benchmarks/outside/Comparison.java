package io.github.eventloop.benchmarks.outside;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a client saw of a disturbance, and what was reported of the same seconds.
 *
 * @param disturbance what happened
 * @param seen latency of the client, without what a request takes otherwise
 * @param reported lag
 * @param clientLagMillis how late the client itself was, 99th percentile
 */
record Comparison(Disturbance disturbance, Quantiles seen, Quantiles reported, double clientLagMillis) {

	/** One of both is enough. */
	private static final double MOST_APART_MILLIS = 2;

	private static final double MOST_APART = 0.1;

	/**
	 * Return where the two are further apart than promised.
	 * @return a sentence for each quantile
	 */
	List<String> unmet() {
		List<String> unmet = new ArrayList<>();
		for (int i = 0; i < Quantiles.NAMES.size(); i++) {
			double seen = this.seen.values()[i];
			double reported = this.reported.values()[i];
			double apart = Math.abs(reported - seen);
			if (apart > MOST_APART_MILLIS && apart > MOST_APART * seen) {
				unmet.add(String.format(Locale.ROOT, "%s: the client saw %s of %.1f ms, reported is %.1f ms",
						this.disturbance.name(), Quantiles.NAMES.get(i), seen, reported));
			}
		}
		return unmet;
	}

}
