package io.github.eventloop.benchmarks.jmh;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.eventloop.benchmarks.run.Estimate;

/**
 * The cost that monitoring adds to one iteration.
 *
 * @param stock nanoseconds without monitoring
 * @param nanos additional nanoseconds
 * @param bytes additional bytes
 */
record Added(double stock, Estimate nanos, double bytes) {

	/**
	 * Return the cost added to Netty's own loops, by benchmark and parameters.
	 * @param rounds the costs that were measured together, in one JVM each
	 */
	static Map<String, Added> of(List<List<Cost>> rounds) {
		return rounds.stream()
			.flatMap(List::stream)
			.filter((cost) -> cost.isOf(Loops.STOCK))
			.map(Cost::subject)
			.distinct()
			.collect(Collectors.toMap(Function.identity(), (subject) -> difference(costs(rounds, subject, Loops.STOCK),
					costs(rounds, subject, Loops.MONITORED)), (one, other) -> one, TreeMap::new));
	}

	private static List<Cost> costs(List<List<Cost>> rounds, String subject, Loops loops) {
		return rounds.stream()
			.flatMap(List::stream)
			.filter((cost) -> cost.isOf(loops) && cost.subject().equals(subject))
			.toList();
	}

	/** Compare the two round by round. */
	private static Added difference(List<Cost> stock, List<Cost> monitored) {
		return new Added(stock.stream().mapToDouble(Cost::median).average().orElseThrow(),
				Estimate.of(IntStream.range(0, stock.size())
					.mapToObj((round) -> monitored.get(round).median() - stock.get(round).median())
					.toList()),
				IntStream.range(0, stock.size())
					.mapToDouble((round) -> monitored.get(round).bytes() - stock.get(round).bytes())
					.average()
					.orElseThrow());
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
