package io.github.eventloop.benchmarks.probes;

import java.util.Arrays;

import org.HdrHistogram.Histogram;

import io.github.eventloop.benchmarks.load.LoadResult;
import io.github.eventloop.benchmarks.load.Outcome;
import io.github.eventloop.benchmarks.load.Sample;

/**
 * The outcome of probes. Any answer counts, even if the application is not ready.
 *
 * @param all all of them
 */
record Probes(LoadResult all) {

	private static boolean isAnswered(Sample sample) {
		return sample.outcome() == Outcome.OK || sample.outcome() == Outcome.UNAVAILABLE;
	}

	private LoadResult answers() {
		return this.all.only(Probes::isAnswered);
	}

	int sent() {
		return this.all.samples().size();
	}

	int answered() {
		return answers().samples().size();
	}

	int lost() {
		return sent() - answered();
	}

	/**
	 * Return a percentile of the response times.
	 * @param percentile from 0 to 100
	 * @return milliseconds, or NaN if there are no answers
	 */
	double millis(double percentile) {
		Histogram latencies = new Histogram(3);
		answers().samples().forEach((sample) -> latencies.recordValue(sample.latencyNanos()));
		return (latencies.getTotalCount() > 0) ? latencies.getValueAtPercentile(percentile) / 1e6 : Double.NaN;
	}

	/**
	 * Return the share of probes that were answered, for the probes due in each second.
	 * @return percent
	 */
	double[] answeredPerSecond() {
		double[] sent = this.all.perSecond().stream().mapToDouble((second) -> second.sent()).toArray();
		double[] answered = answers().perSecond().stream().mapToDouble((second) -> second.sent()).toArray();
		for (int second = 0; second < sent.length; second++) {
			answered[second] *= 100 / sent[second];
		}
		return answered;
	}

	/**
	 * Return the longest response time in each second, by the time at which the probe was
	 * due.
	 * @return milliseconds, or NaN if there are no answers
	 */
	double[] longestPerSecond() {
		double[] longest = new double[this.all.perSecond().size()];
		Arrays.fill(longest, Double.NaN);
		for (Sample sample : answers().samples()) {
			double millis = sample.latencyNanos() / 1e6;
			if (!(longest[sample.second()] > millis)) {
				longest[sample.second()] = millis;
			}
		}
		return longest;
	}

}
