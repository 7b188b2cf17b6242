package io.github.eventloop.benchmarks.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.HdrHistogram.Histogram;

/**
 * The outcomes of all requests of a load. Immutable.
 */
public final class LoadResult {

	private final List<Sample> samples;

	private final int seconds;

	/**
	 * Create a result.
	 * @param samples the requests
	 * @param seconds the duration of the load in seconds
	 */
	public LoadResult(List<Sample> samples, int seconds) {
		this.samples = List.copyOf(samples);
		this.seconds = seconds;
	}

	/**
	 * Return the requests.
	 * @return the requests in the order in which they ended
	 */
	public List<Sample> samples() {
		return this.samples;
	}

	/**
	 * Combine two loads that began at the same time.
	 * @param other the other load
	 * @return the requests of both
	 */
	public LoadResult and(LoadResult other) {
		List<Sample> both = new ArrayList<>(this.samples);
		both.addAll(other.samples);
		return new LoadResult(both, Math.max(this.seconds, other.seconds));
	}

	/**
	 * Select some of the requests.
	 * @param which the requests to keep
	 * @return these, over the same seconds
	 */
	public LoadResult only(Predicate<Sample> which) {
		return new LoadResult(this.samples.stream().filter(which).toList(), this.seconds);
	}

	/**
	 * Select the requests that were due in a part of the load.
	 * @param from time since the start, inclusive
	 * @param to time since the start, exclusive
	 * @return these, over the same seconds
	 */
	public LoadResult between(Duration from, Duration to) {
		return only((sample) -> sample.dueNanos() >= from.toNanos() && sample.dueNanos() < to.toNanos());
	}

	/**
	 * Group the requests by the instance that answered.
	 * @param instance returns the name of the instance, from the header or the port of a
	 * sample
	 * @return the requests of each, by name, over the same seconds
	 */
	public Map<String, LoadResult> by(Function<Sample, String> instance) {
		Map<String, LoadResult> results = new TreeMap<>();
		this.samples.stream()
			.collect(Collectors.groupingBy(instance))
			.forEach((name, samples) -> results.put(name, new LoadResult(samples, this.seconds)));
		return results;
	}

	/**
	 * Count all requests.
	 * @return the summary
	 */
	public Summary total() {
		return Summary.of(this.samples);
	}

	/**
	 * Count the requests second by second.
	 * @return a summary for every second of the plan, of the requests that were due in it
	 */
	public List<Summary> perSecond() {
		List<List<Sample>> bySecond = new ArrayList<>();
		for (int second = 0; second < this.seconds; second++) {
			bySecond.add(new ArrayList<>());
		}
		this.samples.forEach((sample) -> bySecond.get(sample.second()).add(sample));
		return bySecond.stream().map(Summary::of).toList();
	}

	/**
	 * Return how late the client itself was: if this is close to the latencies, it is the
	 * client that was measured.
	 * @return 99th percentile of the time between when a request was due and when it was
	 * sent, in milliseconds
	 */
	public double clientLagP99Millis() {
		Histogram lags = new Histogram(3);
		this.samples.forEach((sample) -> lags.recordValue(sample.lateNanos()));
		return lags.getValueAtPercentile(99) / 1e6;
	}

}
