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
record Newcomers(LoadResult all) {

	/** Much longer than any of them takes otherwise, and much shorter than the block. */
	private static final Duration UNHURT = Duration.ofMillis(500);

	/** Whether it was not answered in time, well or not, as that takes a blocked loop. */
	private static boolean met(Sample sample) {
		return sample.latencyNanos() > UNHURT.toNanos() || sample.outcome() == Outcome.FAILED;
	}

	/**
	 * Return how many met the blocked loop.
	 * @return their share, from 0 to 1
	 */
	double met() {
		return (double) this.all.only(Newcomers::met).samples().size() / this.all.samples().size();
	}

	/**
	 * Return how many met the blocked loop, of those that were due in each second.
	 * @return percent, or NaN for a second without any
	 */
	double[] metPerSecond() {
		double[] sent = this.all.perSecond().stream().mapToDouble((second) -> second.sent()).toArray();
		double[] met = this.all.only(Newcomers::met)
			.perSecond()
			.stream()
			.mapToDouble((second) -> second.sent())
			.toArray();
		for (int second = 0; second < sent.length; second++) {
			met[second] *= 100 / sent[second];
		}
		return met;
	}

}
