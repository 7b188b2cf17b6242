package io.github.eventloop.benchmarks.load;

import java.util.List;

import org.HdrHistogram.Histogram;

/**
 * Counts and latencies of some requests. Latencies are those of {@link Outcome#OK
 * accepted} requests, and NaN if there are none.
 *
 * @param sent the number of requests
 * @param ok answered
 * @param unavailable answered with 503
 * @param failed answered with another error, or the connection broke
 * @param timedOut not answered in time
 * @param p50Millis median latency, in milliseconds
 * @param p99Millis 99th percentile, in milliseconds
 * @param maxMillis longest latency, in milliseconds
 */
public record Summary(int sent, int ok, int unavailable, int failed, int timedOut, double p50Millis, double p99Millis,
		double maxMillis) {

	static Summary of(List<Sample> samples) {
		Histogram latencies = new Histogram(3);
		samples.stream()
			.filter((sample) -> sample.outcome() == Outcome.OK)
			.forEach((sample) -> latencies.recordValue(sample.latencyNanos()));
		return new Summary(samples.size(), count(samples, Outcome.OK), count(samples, Outcome.UNAVAILABLE),
				count(samples, Outcome.FAILED), count(samples, Outcome.TIMED_OUT), percentile(latencies, 50),
				percentile(latencies, 99), percentile(latencies, 100));
	}

	private static int count(List<Sample> samples, Outcome outcome) {
		return (int) samples.stream().filter((sample) -> sample.outcome() == outcome).count();
	}

	private static double percentile(Histogram latencies, double percentile) {
		return (latencies.getTotalCount() > 0) ? latencies.getValueAtPercentile(percentile) / 1e6 : Double.NaN;
	}

}
