package io.github.eventloop.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

import io.github.eventloop.benchmarks.BalancerRun.BalancerScenario;
import io.github.eventloop.benchmarks.BalancerRun.BalancerScenario.Timeline;
import io.github.eventloop.benchmarks.LoadResult.Sample;
import io.github.eventloop.benchmarks.Run.Targets;

/**
 * The measurements of one run of a scenario, the figures derived from them, and the
 * targets for these.
 *
 * @param pooled the client that reuses its connections
 * @param fresh the client that opens a connection for each request
 * @param polls the state of the instances as seen by the balancer
 * @param lags p99 lag of each second, by instance
 * @param instance returns the name of the instance that a request was sent to
 */
record BalancerRecording(BalancerScenario scenario, LoadResult pooled, LoadResult fresh, List<Poll> polls,
		Map<String, double[]> lags, Function<Sample, String> instance) {

	static final int POLL_MILLIS = 250;

	LoadResult both() {
		return this.pooled.and(this.fresh);
	}

	private Timeline timeline() {
		return this.scenario.timeline();
	}

	/** Selects the requests that an instance received. */
	Predicate<Sample> on(String name) {
		return (sample) -> name.equals(this.instance.apply(sample));
	}

	/**
	 * Share of a client's requests that b receives in the last five seconds of its lag.
	 */
	double lastShare(LoadResult client) {
		return client.between(timeline().lagEnd().minusSeconds(5), timeline().lagEnd()).share(on("b"));
	}

	double p99(Duration from, Duration to) {
		return both().between(from, to).p99Millis();
	}

	/**
	 * The time from the start of the lag until the balancer stopped sending new
	 * connections to an instance, in seconds.
	 */
	OptionalDouble outAfter(String name) {
		double start = timeline().before().toSeconds();
		return this.polls.stream()
			.filter((poll) -> poll.second() >= start && !poll.ready().contains(name))
			.mapToDouble((poll) -> poll.second() - start)
			.findFirst();
	}

	/**
	 * The time from the end of the lag until the balancer sent new connections to an
	 * instance again and did not stop afterwards, in seconds.
	 */
	OptionalDouble backAfter(String name) {
		double end = timeline().lagEnd().toSeconds();
		double lastOut = this.polls.stream()
			.filter((poll) -> !poll.ready().contains(name))
			.mapToDouble(Poll::second)
			.max()
			.orElse(end);
		return this.polls.stream()
			.mapToDouble(Poll::second)
			.filter((second) -> second > lastOut)
			.map((second) -> second - end)
			.findFirst();
	}

	/** The number of requests that failed or were not answered. */
	long lost() {
		return both().only((sample) -> !sample.isOk()).sent();
	}

	/** The same, without those that were sent to the lagging instances. */
	long lostElsewhere() {
		return both().only((sample) -> !sample.isOk() && !this.scenario.lagging().contains(this.instance.apply(sample)))
			.sent();
	}

	/**
	 * Return the missed targets of the scenario, which have a margin for a busy machine.
	 */
	List<String> missed() {
		Targets targets = new Targets(this.scenario.name());
		double p99 = p99(timeline().lagEnd().minusSeconds(5), timeline().lagEnd());
		targets.check(lostElsewhere() == 0, "no request to another instance is lost, but %d are", lostElsewhere());
		if (!this.scenario.name().equals("one-off")) {
			targets
				.check(outAfter("b").orElse(99) < BalancerScenario.DETECTION.toSeconds(),
						"b gets no new connections after %d s, but after %s", BalancerScenario.DETECTION.toSeconds(),
						outAfter("b"))
				.check(lastShare(this.fresh) == 0, "no new connections go to b, but %.0f %% do",
						100 * lastShare(this.fresh))
				.check(backAfter("b").orElse(99) < 20, "b gets new connections 20 s after its lag, but after %s",
						backAfter("b"));
		}
		switch (this.scenario.name()) {
			case "one-closing" -> targets.check(lastShare(this.pooled) < 0.05,
					"pooled connections leave b, but %.0f %% of their requests go there", 100 * lastShare(this.pooled))
				.check(p99 < p99(timeline().before(), timeline().before().plus(BalancerScenario.DETECTION)) / 2,
						"the clients' p99 recovers while b lags, but is %.0f ms", p99);
			case "one-ready" -> targets.check(lastShare(this.pooled) > 0.2,
					"pooled connections stay on b, but only %.0f %% of their requests go there",
					100 * lastShare(this.pooled));
			default -> targets
				.check(lastShare(this.fresh) > 0.2, "new connections go to b, but only %.0f %% do",
						100 * lastShare(this.fresh))
				.check(p99 > 100, "the clients' p99 shows the lag, but is %.0f ms", p99);
		}
		return targets.missed();
	}

	/**
	 * The result of one poll.
	 *
	 * @param second time since the load began
	 */
	record Poll(double second, Set<String> ready) {
	}

}
