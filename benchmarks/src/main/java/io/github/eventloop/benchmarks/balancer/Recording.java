package io.github.eventloop.benchmarks.balancer;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import io.github.eventloop.benchmarks.balancer.ReadinessPoller.Poll;
import io.github.eventloop.benchmarks.load.LoadResult;
import io.github.eventloop.benchmarks.load.Outcome;
import io.github.eventloop.benchmarks.load.Sample;
import io.github.eventloop.benchmarks.load.Summary;

/**
 * The measurements of one run of a scenario, and the figures derived from them.
 * Immutable.
 */
final class Recording {

	private final Scenario scenario;

	private final Timeline timeline;

	private final LoadResult pooled;

	private final LoadResult fresh;

	private final List<Poll> polls;

	private final Map<String, double[]> lags;

	private final Function<Sample, String> instance;

	/**
	 * Create a recording.
	 * @param scenario the scenario
	 * @param pooled the client that reuses its connections
	 * @param fresh the client that opens a connection for each request
	 * @param polls the state of the instances as seen by the balancer
	 * @param lags p99 lag of each second, by instance
	 * @param instance returns the name of the instance that a request was sent to
	 */
	Recording(Scenario scenario, LoadResult pooled, LoadResult fresh, List<Poll> polls, Map<String, double[]> lags,
			Function<Sample, String> instance) {
		this.scenario = scenario;
		this.timeline = scenario.timeline();
		this.pooled = pooled;
		this.fresh = fresh;
		this.polls = polls;
		this.lags = lags;
		this.instance = instance;
	}

	Scenario scenario() {
		return this.scenario;
	}

	List<Poll> polls() {
		return this.polls;
	}

	LoadResult pooled() {
		return this.pooled;
	}

	LoadResult fresh() {
		return this.fresh;
	}

	LoadResult both() {
		return this.pooled.and(this.fresh);
	}

	/** p99 lag of an instance, second by second, in milliseconds. */
	double[] lag(String instance) {
		double[] none = new double[(int) this.timeline.end().toSeconds()];
		return this.lags.getOrDefault(instance, none);
	}

	/** Share of a client's requests that an instance received, second by second. */
	double[] shares(LoadResult client, String instance) {
		List<Summary> all = client.perSecond();
		List<Summary> its = client.only(on(instance)).perSecond();
		return IntStream.range(0, all.size())
			.mapToDouble((second) -> (double) its.get(second).sent() / all.get(second).sent())
			.toArray();
	}

	/** Share of a client's requests that an instance received in a period. */
	double share(LoadResult client, String instance, Duration from, Duration to) {
		LoadResult part = client.between(from, to);
		return (double) part.only(on(instance)).samples().size() / part.samples().size();
	}

	/**
	 * The time from the start of the lag until the balancer stopped sending new
	 * connections to the instance, in seconds.
	 */
	OptionalDouble outAfter(String instance) {
		double start = this.timeline.before().toSeconds();
		return this.polls.stream()
			.filter((poll) -> poll.seconds() >= start && !poll.ready(instance))
			.mapToDouble((poll) -> poll.seconds() - start)
			.findFirst();
	}

	/**
	 * The time from the end of the lag until the balancer sent new connections to the
	 * instance again and did not stop afterwards, in seconds.
	 */
	OptionalDouble backAfter(String instance) {
		double end = this.timeline.lagEnd().toSeconds();
		double lastOut = this.polls.stream()
			.filter((poll) -> !poll.ready(instance))
			.mapToDouble(Poll::seconds)
			.max()
			.orElse(end);
		return this.polls.stream()
			.mapToDouble(Poll::seconds)
			.filter((seconds) -> seconds > lastOut)
			.map((seconds) -> seconds - end)
			.findFirst();
	}

	/**
	 * The number of requests that failed or were not answered, without those that were
	 * sent to the given instances.
	 */
	long lostElsewhere(List<String> instances) {
		return both().samples()
			.stream()
			.filter(Recording::lost)
			.filter((sample) -> !instances.contains(this.instance.apply(sample)))
			.count();
	}

	long lost() {
		return both().samples().stream().filter(Recording::lost).count();
	}

	/** The number of ready instances at each poll during the lag. */
	int[] readyWhileLagging() {
		return this.polls.stream()
			.filter((poll) -> poll.at().compareTo(this.timeline.before()) >= 0
					&& poll.at().compareTo(this.timeline.lagEnd()) < 0)
			.mapToInt((poll) -> (int) Scenario.INSTANCES.stream().filter(poll::ready).count())
			.toArray();
	}

	/** The longest time during the lag without a ready instance, in seconds. */
	double longestWithoutAny() {
		int longest = 0;
		int current = 0;
		for (int ready : readyWhileLagging()) {
			current = (ready == 0) ? current + 1 : 0;
			longest = Math.max(longest, current);
		}
		return longest * 0.25;
	}

	/** The share of the lag during which at least one instance was ready. */
	double withAny() {
		return Arrays.stream(readyWhileLagging()).filter((ready) -> ready > 0).count()
				/ (double) readyWhileLagging().length;
	}

	private Predicate<Sample> on(String instance) {
		return (sample) -> instance.equals(this.instance.apply(sample));
	}

	private static boolean lost(Sample sample) {
		return sample.outcome() != Outcome.OK;
	}

}
