package io.github.eventloop.benchmarks.shedding;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import io.github.eventloop.benchmarks.load.LoadResult;
import io.github.eventloop.benchmarks.load.Outcome;
import io.github.eventloop.benchmarks.load.Summary;

/**
 * The figures of one policy.
 *
 * @param overload the load
 * @param result the outcome of the requests
 */
record Report(Overload overload, LoadResult result) {

	/** Answers that take longer are considered useless. */
	static final Duration USEFUL = Duration.ofSeconds(1);

	static final String HEAD = """
			| policy | goodput, of the capacity | shed | late or lost | p50 | p99 | p99 in the last quarter | p99 under light load | p99, ratio |
			| --- | --- | --- | --- | --- | --- | --- | --- | --- |""";

	String row() {
		Summary heavy = heavy().total();
		return String.format(Locale.ROOT,
				"| %s | %.0f %% | %.0f %% | %.0f %% | %.0f ms | %.0f ms | %.0f ms | %.0f ms | %.1f |",
				this.overload.policy().title(), 100 * goodput(), 100.0 * heavy.unavailable() / heavy.sent(),
				100.0 * (heavy.sent() - useful(heavy()) - heavy.unavailable()) / heavy.sent(), heavy.p50Millis(),
				heavy.p99Millis(), lastQuarter().p99Millis(), light().p99Millis(), slowdown());
	}

	/** Timely answers, as a share of the capacity of the server. */
	double goodput() {
		return useful(heavy()) / (this.overload.heavy().toMillis() / 1e3 * this.overload.capacity());
	}

	/**
	 * The p99 of accepted requests during overload, relative to the p99 under light load.
	 */
	double slowdown() {
		return heavyP99Millis() / light().p99Millis();
	}

	double heavyP99Millis() {
		return heavy().total().p99Millis();
	}

	Summary light() {
		return this.result.between(Duration.ZERO, this.overload.light()).total();
	}

	Summary lastQuarter() {
		Duration end = this.overload.light().plus(this.overload.heavy());
		return this.result.between(end.minus(this.overload.heavy().dividedBy(4)), end).total();
	}

	private LoadResult heavy() {
		return this.result.between(this.overload.light(), this.overload.light().plus(this.overload.heavy()));
	}

	private static long useful(LoadResult result) {
		return result.samples()
			.stream()
			.filter((sample) -> sample.outcome() == Outcome.OK && sample.latencyNanos() <= USEFUL.toNanos())
			.count();
	}

	double[] seconds() {
		return IntStream.range(0, perSecond().size()).asDoubleStream().toArray();
	}

	double[] p99() {
		return each(Summary::p99Millis);
	}

	double[] shed() {
		return each((second) -> (second.sent() > 0) ? 100.0 * second.unavailable() / second.sent() : 0);
	}

	/** By the second in which requests were due. */
	double[] usefulPerSecond() {
		double[] useful = new double[perSecond().size()];
		this.result.samples()
			.stream()
			.filter((sample) -> sample.outcome() == Outcome.OK && sample.latencyNanos() <= USEFUL.toNanos())
			.forEach((sample) -> useful[sample.second()]++);
		return useful;
	}

	private double[] each(ToDoubleFunction<Summary> figure) {
		return perSecond().stream().mapToDouble(figure).toArray();
	}

	private List<Summary> perSecond() {
		return this.result.perSecond();
	}

}
