package io.github.eventloop.benchmarks.balancer;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import io.github.eventloop.benchmarks.balancer.Watch.Look;
import io.github.eventloop.benchmarks.load.LoadResult;
import io.github.eventloop.benchmarks.load.Outcome;
import io.github.eventloop.benchmarks.load.Sample;
import io.github.eventloop.benchmarks.load.Summary;

/**
 * What was seen of a scenario, and the figures that follow from it. Immutable.
 */
final class Recording {

	private final Scenario scenario;

	private final Timeline timeline;

	private final LoadResult pooled;

	private final LoadResult fresh;

	private final List<Look> looks;

	private final Map<String, double[]> lags;

	private final Function<Sample, String> instance;

	/**
	 * Create a recording.
	 * @param scenario what was played
	 * @param pooled the client that keeps its connections
	 * @param fresh the client that connects anew for each request
	 * @param looks the instances as the balancer saw them
	 * @param lags p99 lag of each second, by instance
	 * @param instance names the instance that a request was sent to
	 */
	Recording(Scenario scenario, LoadResult pooled, LoadResult fresh, List<Look> looks, Map<String, double[]> lags,
			Function<Sample, String> instance) {
		this.scenario = scenario;
		this.timeline = scenario.timeline();
		this.pooled = pooled;
		this.fresh = fresh;
		this.looks = looks;
		this.lags = lags;
		this.instance = instance;
	}

	Scenario scenario() {
		return this.scenario;
	}

	List<Look> looks() {
		return this.looks;
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

	/** Share of a client's requests that an instance was given, second by second. */
	double[] shares(LoadResult client, String instance) {
		List<Summary> all = client.perSecond();
		List<Summary> its = client.only(on(instance)).perSecond();
		return IntStream.range(0, all.size())
			.mapToDouble((second) -> (double) its.get(second).sent() / all.get(second).sent())
			.toArray();
	}

	/** Share of a client's requests in some time that an instance was given. */
	double share(LoadResult client, String instance, Duration from, Duration to) {
		LoadResult part = client.between(from, to);
		return (double) part.only(on(instance)).samples().size() / part.samples().size();
	}

	/**
	 * How long after the beginning of the lag the balancer stopped to give new
	 * connections.
	 */
	OptionalDouble outAfter(String instance) {
		double start = this.timeline.before().toSeconds();
		return this.looks.stream()
			.filter((look) -> look.seconds() >= start && !look.ready(instance))
			.mapToDouble((look) -> look.seconds() - start)
			.findFirst();
	}

	/**
	 * How long after the end of the lag the balancer gave new connections again, and for
	 * good.
	 */
	OptionalDouble backAfter(String instance) {
		double end = this.timeline.lagEnd().toSeconds();
		double lastOut = this.looks.stream()
			.filter((look) -> !look.ready(instance))
			.mapToDouble(Look::seconds)
			.max()
			.orElse(end);
		return this.looks.stream()
			.mapToDouble(Look::seconds)
			.filter((seconds) -> seconds > lastOut)
			.map((seconds) -> seconds - end)
			.findFirst();
	}

	/**
	 * Requests without an answer, or with an error, that an instance of these did not
	 * have.
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

	/** How many instances were ready at each look of the lag. */
	int[] readyWhileLagging() {
		return this.looks.stream()
			.filter((look) -> look.at().compareTo(this.timeline.before()) >= 0
					&& look.at().compareTo(this.timeline.lagEnd()) < 0)
			.mapToInt((look) -> (int) Scenario.INSTANCES.stream().filter(look::ready).count())
			.toArray();
	}

	/** The longest time during the lag without any ready instance, in seconds. */
	double longestWithoutAny() {
		int longest = 0;
		int current = 0;
		for (int ready : readyWhileLagging()) {
			current = (ready == 0) ? current + 1 : 0;
			longest = Math.max(longest, current);
		}
		return longest * 0.25;
	}

	/** The share of the lag with one ready instance or more. */
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
