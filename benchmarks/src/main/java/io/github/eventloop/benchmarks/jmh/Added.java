package io.github.eventloop.benchmarks.jmh;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import io.github.eventloop.benchmarks.Estimate;
import io.github.eventloop.benchmarks.jmh.Iterations.Loops;

/**
 * The cost that monitoring adds to one iteration.
 *
 * @param stock nanoseconds without monitoring
 * @param nanos additional nanoseconds
 * @param bytes additional bytes
 */
record Added(double stock, Estimate nanos, double bytes) {

	/**
	 * Return the cost added to Netty's own loops, by benchmark and parameters. The costs
	 * of a round were measured together, in one JVM each, and are compared.
	 */
	static Map<String, Added> of(List<List<Cost>> rounds) {
		Map<String, Added> added = new TreeMap<>();
		rounds.stream().flatMap(List::stream).map(Cost::subject).distinct().forEach((subject) -> {
			List<Cost> stock = costs(rounds, subject, Loops.STOCK);
			List<Cost> monitored = costs(rounds, subject, Loops.MONITORED);
			added.put(subject, new Added(Estimate.of(stock.stream().map(Cost::median).toList()).mean(),
					difference(stock, monitored, Cost::median), difference(stock, monitored, Cost::bytes).mean()));
		});
		return added;
	}

	private static List<Cost> costs(List<List<Cost>> rounds, String subject, Loops loops) {
		return rounds.stream()
			.flatMap(List::stream)
			.filter((cost) -> cost.isOf(loops) && cost.subject().equals(subject))
			.toList();
	}

	private static Estimate difference(List<Cost> stock, List<Cost> monitored, ToDoubleFunction<Cost> figure) {
		return Estimate.of(IntStream.range(0, stock.size())
			.mapToObj((round) -> figure.applyAsDouble(monitored.get(round)) - figure.applyAsDouble(stock.get(round)))
			.toList());
	}

	/**
	 * Return whether monitoring allocates: the threshold is half of the smallest object,
	 * because other threads of the JVM allocate too.
	 */
	boolean allocates() {
		return this.bytes > 8;
	}

	/** Return the additional time as text. */
	String onTop() {
		return String.format(Locale.ROOT, "%+.1f \u00b1 %.1f ns", this.nanos.mean(), this.nanos.halfWidth());
	}

	/** Return whether the additional time exceeds a maximum with certainty. */
	boolean isLongerThan(double max) {
		return this.nanos.mean() - this.nanos.halfWidth() > max;
	}

	/** Return whether the additional time stays within a maximum with certainty. */
	boolean isAtMost(double max) {
		return this.nanos.mean() + this.nanos.halfWidth() <= max;
	}

}
