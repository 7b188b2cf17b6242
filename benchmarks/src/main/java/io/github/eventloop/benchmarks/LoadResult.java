package io.github.eventloop.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of requests of a load.
 *
 * @param samples the requests, in the order in which they ended
 * @param seconds the duration of the load
 */
public record LoadResult(List<Sample> samples, int seconds) {

	/** Combine two loads that began at the same time. */
	LoadResult and(LoadResult other) {
		return new LoadResult(Stream.of(this, other).flatMap((load) -> load.samples.stream()).toList(),
				Math.max(this.seconds, other.seconds));
	}

	/** Select some of the requests, over the same seconds. */
	LoadResult only(Predicate<Sample> which) {
		return new LoadResult(this.samples.stream().filter(which).toList(), this.seconds);
	}

	/**
	 * Select the requests that were due in a part of the load, in terms of time since its
	 * start.
	 */
	LoadResult between(Duration from, Duration to) {
		return only((sample) -> sample.dueNanos() >= from.toNanos() && sample.dueNanos() < to.toNanos());
	}

	/** Return the number of requests. */
	public int sent() {
		return this.samples.size();
	}

	/** Return the number of requests that ended in a given way. */
	public int count(Outcome outcome) {
		return only((sample) -> sample.outcome() == outcome).sent();
	}

	/** Return a share of the requests, from 0 to 1; NaN if there are none. */
	double share(Predicate<Sample> which) {
		return (double) only(which).sent() / sent();
	}

	/** Return a percentile of the latencies in milliseconds; NaN if there are none. */
	double millis(double percentile) {
		return percentile(this.samples, Sample::latencyNanos, percentile);
	}

	/**
	 * Return the 99th percentile of the latencies of accepted requests, in milliseconds.
	 */
	public double p99Millis() {
		return only(Sample::isOk).millis(99);
	}

	/**
	 * Return how late the client itself was, 99th percentile: if this is close to the
	 * latencies, it is the client that was measured.
	 */
	public double clientLagP99Millis() {
		return percentile(this.samples, Sample::lateNanos, 99);
	}

	private static double percentile(List<Sample> samples, ToDoubleFunction<Sample> nanos, double percentile) {
		return new Percentile(percentile).withEstimationType(EstimationType.R_1)
			.evaluate(samples.stream().mapToDouble(nanos).toArray()) / 1e6;
	}

	/** Return a figure for every second, of the requests that were due in it. */
	public double[] perSecond(ToDoubleFunction<LoadResult> figure) {
		return IntStream.range(0, this.seconds)
			.mapToDouble((second) -> figure.applyAsDouble(only((sample) -> sample.second() == second)))
			.toArray();
	}

	/**
	 * Return the requests.
	 * @throws IllegalStateException if not all were accepted
	 */
	LoadResult requireAllOk() {
		this.samples.stream().filter((sample) -> !sample.isOk()).findAny().ifPresent((sample) -> {
			throw new IllegalStateException("Not all requests were answered: " + sample);
		});
		return this;
	}

	/** How a request ended. */
	public enum Outcome {

		/** Answered with a status below 400. */
		OK,

		/** Answered with 503: shed by a server that protects itself, or not ready. */
		UNAVAILABLE,

		/** Answered with another error, or not at all because the connection broke. */
		FAILED,

		/** Not answered within the timeout of the load. */
		TIMED_OUT

	}

	/**
	 * The outcome of one request.
	 *
	 * @param dueNanos when it was due, in nanoseconds since the load began
	 * @param lateNanos how much later than that the client sent it; large values mean
	 * that the client was the bottleneck
	 * @param latencyNanos the time from when it was due to its complete answer or its
	 * failure
	 * @param outcome how it ended
	 * @param clientPort the client port of the connection that carried it, 0 if it got
	 * none
	 * @param error the error, if it was not accepted
	 */
	public record Sample(long dueNanos, long lateNanos, long latencyNanos, Outcome outcome, int clientPort,
			@Nullable String error) {

		boolean isOk() {
			return this.outcome == Outcome.OK;
		}

		private int second() {
			return (int) (this.dueNanos / 1_000_000_000L);
		}

	}

}
