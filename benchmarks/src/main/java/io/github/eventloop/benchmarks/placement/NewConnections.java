package io.github.eventloop.benchmarks.placement;

import java.time.Duration;

import io.github.eventloop.benchmarks.load.LoadResult;
import io.github.eventloop.benchmarks.load.Outcome;
import io.github.eventloop.benchmarks.load.Sample;

/**
 * Requests over new connections while a loop was blocked.
 *
 * @param all all of them
 */
record NewConnections(LoadResult all) {

	/**
	 * Much longer than an unaffected request takes, and much shorter than the loop is
	 * blocked.
	 */
	private static final Duration UNAFFECTED = Duration.ofMillis(500);

	/** Whether a request was delayed or failed, as happens on a blocked loop. */
	private static boolean hit(Sample sample) {
		return sample.latencyNanos() > UNAFFECTED.toNanos() || sample.outcome() == Outcome.FAILED;
	}

	/**
	 * Return the share of requests that hit the blocked loop.
	 * @return the share, from 0 to 1
	 */
	double hitShare() {
		return (double) this.all.only(NewConnections::hit).samples().size() / this.all.samples().size();
	}

	/**
	 * Return the share of requests that hit the blocked loop, for the requests due in
	 * each second.
	 * @return percent, or NaN for a second without requests
	 */
	double[] hitPercentPerSecond() {
		double[] sent = this.all.perSecond().stream().mapToDouble((second) -> second.sent()).toArray();
		double[] hit = this.all.only(NewConnections::hit)
			.perSecond()
			.stream()
			.mapToDouble((second) -> second.sent())
			.toArray();
		for (int second = 0; second < sent.length; second++) {
			hit[second] *= 100 / sent[second];
		}
		return hit;
	}

}
