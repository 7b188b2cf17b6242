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
 * What monitoring adds to one turn.
 *
 * @param stock nanoseconds without
 * @param nanos nanoseconds on top
 * @param bytes bytes on top
 */
record Added(double stock, Estimate nanos, double bytes) {

	/**
	 * Return what it adds to Netty's own loops, by what these do.
	 * @param rounds what was measured together, in one JVM each
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

	/** Round by round. */
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
	 * Half an object of the smallest size, for what others of the JVM leave behind.
	 */
	boolean allocates() {
		return this.bytes > 8;
	}

	/** Return the time on top in words. */
	String onTop() {
		return String.format(Locale.ROOT, "%+.1f \u00b1 %.1f ns", this.nanos.mean(), this.nanos.halfWidth());
	}

	/** Return whether it certainly is. */
	boolean isLongerThan(double most) {
		return this.nanos.mean() - this.nanos.halfWidth() > most;
	}

	/** Return whether it certainly is. */
	boolean isAtMost(double most) {
		return this.nanos.mean() + this.nanos.halfWidth() <= most;
	}

}
