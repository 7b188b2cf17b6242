package io.github.eventloop.benchmarks.cost;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.eventloop.benchmarks.picture.Csv;
import io.github.eventloop.benchmarks.run.Estimate;
import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;

/**
 * CPU time per request, with the library and without.
 */
public final class CostRun {

	private static final double PART = 0.3;

	private static final Duration WARM_UP = Duration.ofSeconds(20);

	private static final int WARM_UPS = 3;

	private static final Duration PART_WARM_UP = Duration.ofSeconds(10);

	private static final Duration ALLOCATION = Duration.ofSeconds(2);

	private static final int RECORDINGS = 7;

	private static final Duration SETTLING = Duration.ofSeconds(12);

	private static final String LIMITS = """

			What it does not show: what servers share, for those without the library are in one JVM with those that have it,
			and what the JVM compiles, it compiles for all. What other threads do: the collector, the compiler, and
			`eventloop-monitor`, whose CPU time is that of [idle](#idle). Requests with a body, whose parts are tracked too. And
			what a request costs that does more, other than that the parts cost it the same.""";

	private final Output output;

	private final int rounds;

	private final Duration slice;

	private final List<Outcome> outcomes = new ArrayList<>();

	private CostRun(Output output, int rounds, Duration slice) {
		this.output = output;
		this.rounds = rounds;
		this.slice = slice;
	}

	/**
	 * Run it.
	 * @param arguments {@code --forks=} how many JVMs; {@code --rounds=} how often to
	 * load the sides in each of them, at saturation and again at 30 % of it;
	 * {@code --slice=} for how many seconds
	 */
	public static void main(String[] arguments) {
		Options options = Options.of(arguments, "forks", "rounds", "slice");
		CostRun run = new CostRun(Output.of("cost", options), options.number("rounds", 20),
				options.seconds("slice", Duration.ofSeconds(1)));
		run.play(options.number("forks", 16));
	}

	private void play(int forks) {
		Requests.makeWay(this.output.directory());
		for (int number = 1; number <= forks; number++) {
			this.output.progress("JVM %d of %d".formatted(number, forks));
			try (Fork fork = new Fork("fork-" + number, number, this.output.directory())) {
				Outcome outcome = play(fork);
				this.outcomes.add(outcome);
				this.output.progress("... beside without: " + Stream.of(Side.values())
					.map((side) -> String.format(Locale.ROOT, "%.3f", ratio(outcome.saturated(), side)))
					.collect(Collectors.joining(", ")));
			}
		}
		tell(forks);
		this.output.keep("saturation", numbers(Outcome::saturated));
		this.output.keep("part", numbers(Outcome::part));
		this.output.progress("%d recordings".formatted(RECORDINGS));
		tell(recorded());
		this.output.say(LIMITS);
	}

	private Outcome play(Fork fork) {
		Map<Side, Long> answered = Map.of();
		for (int warmUp = 0; warmUp < WARM_UPS; warmUp++) {
			answered = fork.load(List.of(Side.values()), new Requests(0), WARM_UP);
		}
		double most = answered.values().stream().mapToLong(Long::longValue).average().orElseThrow()
				/ WARM_UP.toSeconds();
		Map<Side, Double> bytes = new EnumMap<>(Side.class);
		Stream.of(Side.values()).forEach((side) -> bytes.put(side, fork.allocated(side, ALLOCATION)));
		List<Costs> saturated = rounds(fork, new Requests(0));
		Requests part = new Requests((int) (PART * most));
		fork.load(List.of(Side.values()), part, PART_WARM_UP);
		return new Outcome(saturated, rounds(fork, part), bytes);
	}

	private List<Costs> rounds(Fork fork, Requests requests) {
		return Stream.generate(() -> fork.round(requests, this.slice)).limit(this.rounds).toList();
	}

	private List<Double> recorded() {
		int rounds = Math.max(1, this.rounds / 3);
		try (Recorded recorded = new Recorded(this.output.directory())) {
			for (int warmUp = 0; warmUp < WARM_UPS; warmUp++) {
				recorded.warmUp(WARM_UP);
			}
			// With the first of its life, a JVM compiles for longer.
			recorded.cycle(1, this.slice, SETTLING);
			return Stream.generate(() -> recorded.cycle(rounds, this.slice, SETTLING))
				.limit(RECORDINGS)
				.sorted()
				.toList();
		}
	}

	private void tell(int forks) {
		this.output
			.say("""
					# CPU per request

					One JVM on one CPU with %d servers of Spring WebFlux, each with one loop and a route that answers `hello`:
					the least that a request can cost. From another CPU, all of them are asked at the same time, over three
					connections each, %d s long, %d times: whatever slows this CPU down slows all servers down, so that they can
					be compared. To saturate them, h2load asks; at 30 %% of that, requests come at random times, so that none
					gains from when those to its neighbours come. CPU time is that of the server's loop, from Linux, what it
					takes to accept connections included. A JVM's figure is the mean of its rounds, in
					units of the mean of the two servers without the library; shown are the means of %d JVMs and their 95 %%
					confidence intervals. Each server that begins with "and" has what the one above it has, and one thing more;
					how much more that costs is in the fourth column. There, others are beside the two without, and the second
					of these is beside the first: noise. Bytes are those that the loop allocates.

					| server | saturation: CPU a request | beside that without | one thing more | 30 %%: CPU a request | beside that without | bytes a request |
					| --- | --- | --- | --- | --- | --- | --- |"""
				.formatted(Side.values().length, this.slice.toSeconds(), this.rounds, forks));
		for (Side side : Side.values()) {
			this.output.say(String.format(Locale.ROOT, "| %s | %.1f \u00b5s | %s | %s | %.1f \u00b5s | %s | %.0f |",
					side.title(), micros(side, Outcome::saturated), ratio(side, Outcome::saturated), more(side),
					micros(side, Outcome::part), ratio(side, Outcome::part),
					mean((outcome) -> Objects.requireNonNull(outcome.bytes().get(side)))));
		}
	}

	private void tell(List<Double> recorded) {
		this.output.say(String.format(Locale.ROOT,
				"""

						The detector `jfr` records the whole JVM. So its figure is from two JVMs on the same CPU, which are loaded at
						the same time, and one of which records now and then. While it does, a request to the server with the library
						as it comes costs %.2f of what it costs before, the CPU time of all threads included: the median of %d times,
						from %.2f to %.2f.""",
				recorded.get(recorded.size() / 2), recorded.size(), recorded.get(0),
				recorded.get(recorded.size() - 1)));
	}

	/** CPU time a request in nanoseconds: a row for each round. */
	private Csv numbers(Function<Outcome, List<Costs>> load) {
		Csv numbers = new Csv().column("jvm",
				IntStream.range(0, this.outcomes.size() * this.rounds)
					.mapToDouble((row) -> 1 + row / this.rounds)
					.toArray());
		for (Side side : Side.values()) {
			numbers.column(side.title(),
					this.outcomes.stream()
						.map(load)
						.flatMap(List::stream)
						.mapToDouble((costs) -> costs.ratio(side) * costs.stock())
						.toArray());
		}
		return numbers;
	}

	private double micros(Side side, Function<Outcome, List<Costs>> load) {
		return mean((outcome) -> ratio(load.apply(outcome), side) * mean(load.apply(outcome), Costs::stock)) / 1000;
	}

	private Estimate ratio(Side side, Function<Outcome, List<Costs>> load) {
		return Estimate.of(this.outcomes.stream().map((outcome) -> ratio(load.apply(outcome), side)).toList());
	}

	private String more(Side side) {
		if (side == Side.STOCK) {
			return "";
		}
		return Estimate
			.of(this.outcomes.stream()
				.map(Outcome::saturated)
				.map((saturated) -> ratio(saturated, side)
						- side.base().map((base) -> ratio(saturated, base)).orElse(1.0))
				.toList())
			.toString();
	}

	private static double ratio(List<Costs> rounds, Side side) {
		return mean(rounds, (costs) -> costs.ratio(side));
	}

	private double mean(ToDoubleFunction<Outcome> value) {
		return this.outcomes.stream().mapToDouble(value).average().orElseThrow();
	}

	private static double mean(List<Costs> rounds, ToDoubleFunction<Costs> value) {
		return rounds.stream().mapToDouble(value).average().orElseThrow();
	}

	/**
	 * What came out in one JVM.
	 *
	 * @param saturated the rounds at saturation
	 * @param part those at a part of it
	 * @param bytes what a request allocates
	 */
	private record Outcome(List<Costs> saturated, List<Costs> part, Map<Side, Double> bytes) {
	}

}
