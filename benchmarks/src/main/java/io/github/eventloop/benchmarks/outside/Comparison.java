package io.github.eventloop.benchmarks.outside;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The latency that a client measured during a disturbance, and the lag that was reported
 * for the same seconds.
 *
 * @param disturbance the disturbance
 * @param seen latency of the client, minus the latency of an undisturbed request
 * @param reported the reported lag
 * @param clientLagMillis how late the client itself was, 99th percentile
 */
record Comparison(Disturbance disturbance, Quantiles seen, Quantiles reported, double clientLagMillis) {

	/** A difference has to exceed both limits to count. */
	private static final double MAX_DIFFERENCE_MILLIS = 2;

	private static final double MAX_DIFFERENCE = 0.1;

	/**
	 * Return the quantiles whose difference exceeds the target.
	 * @return a sentence for each of them
	 */
	List<String> unmet() {
		List<String> unmet = new ArrayList<>();
		for (int i = 0; i < Quantiles.NAMES.size(); i++) {
			double seen = this.seen.values()[i];
			double reported = this.reported.values()[i];
			double difference = Math.abs(reported - seen);
			if (difference > MAX_DIFFERENCE_MILLIS && difference > MAX_DIFFERENCE * seen) {
				unmet.add(String.format(Locale.ROOT, "%s: the client saw %s of %.1f ms, reported is %.1f ms",
						this.disturbance.name(), Quantiles.NAMES.get(i), seen, reported));
			}
		}
		return unmet;
	}

}
