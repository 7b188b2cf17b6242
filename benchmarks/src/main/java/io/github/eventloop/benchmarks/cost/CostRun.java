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
 * Benchmark of the CPU time per request, with and without the library.
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

			What this does not show: what the servers share. Those without the library run in the same JVM as those with it,
			and code is compiled for all of them together. Other threads: the garbage collector, the compiler, and
			`eventloop-monitor`, whose CPU time is listed under [idle](#idle). Requests with a body, whose parts are tracked
			too. And requests that do more work, except that each part of the library costs them the same.""";

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
	 * Run the benchmark.
	 * @param arguments {@code --forks=} the number of JVMs; {@code --rounds=} how often
	 * to load the sides in each of them, at saturation and again at 30 % of it;
	 * {@code --slice=} the duration of a round in seconds
	 */
	public static void main(String[] arguments) {
		Options options = Options.of(arguments, "forks", "rounds", "slice");
		CostRun run = new CostRun(Output.of("cost", options), options.number("rounds", 20),
				options.seconds("slice", Duration.ofSeconds(1)));
		run.run(options.number("forks", 16));
	}

	private void run(int forks) {
		Requests.moveToOtherCpu(this.output.directory());
		for (int number = 1; number <= forks; number++) {
			this.output.progress("JVM %d of %d".formatted(number, forks));
			try (Fork fork = new Fork("fork-" + number, number, this.output.directory())) {
				Outcome outcome = run(fork);
				this.outcomes.add(outcome);
				this.output.progress("... relative to without: " + Stream.of(Side.values())
					.map((side) -> String.format(Locale.ROOT, "%.3f", ratio(outcome.saturated(), side)))
					.collect(Collectors.joining(", ")));
			}
		}
		report(forks);
		this.output.keep("saturation", numbers(Outcome::saturated));
		this.output.keep("part", numbers(Outcome::part));
		this.output.progress("%d recordings".formatted(RECORDINGS));
		report(recorded());
		this.output.say(LIMITS);
	}

	private Outcome run(Fork fork) {
		Map<Side, Long> answered = Map.of();
		for (int warmUp = 0; warmUp < WARM_UPS; warmUp++) {
			answered = fork.load(List.of(Side.values()), new Requests(0), WARM_UP);
		}
		double capacity = answered.values().stream().mapToLong(Long::longValue).average().orElseThrow()
				/ WARM_UP.toSeconds();
		Map<Side, Double> bytes = new EnumMap<>(Side.class);
		Stream.of(Side.values()).forEach((side) -> bytes.put(side, fork.allocated(side, ALLOCATION)));
		List<Costs> saturated = rounds(fork, new Requests(0));
		Requests part = new Requests((int) (PART * capacity));
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
			// After its first recording, a JVM compiles for longer.
			recorded.cycle(1, this.slice, SETTLING);
			return Stream.generate(() -> recorded.cycle(rounds, this.slice, SETTLING))
				.limit(RECORDINGS)
				.sorted()
				.toList();
		}
	}

	private void report(int forks) {
		this.output
			.say("""
					# CPU per request

					One JVM on one CPU runs %d servers of Spring WebFlux, each with one loop and a route that answers `hello`:
					the lowest possible cost of a request. All of them are loaded from another CPU at the same time, over three
					connections each, for %d s, %d times: whatever slows this CPU down affects all servers alike, so that they
					can be compared. h2load saturates them; at 30 %% of that load, requests are sent at random times, so that
					none benefits from the timing of requests to the other servers. CPU time is that of the server's loop as
					reported by Linux, including the cost of accepting connections. The figure of a JVM is the mean of its
					rounds, relative to the mean of the two servers without the library; the table shows the means of %d JVMs
					and their 95 %% confidence intervals. Each server whose name starts with "and" adds one feature to the
					server above it; the fourth column shows the cost of that feature. In that column, the other servers are
					compared with the two without the library, and the second of these with the first: that is noise. Bytes are
					those that the loop allocates.

					| server | saturation: CPU per request | relative to without | added feature | 30 %%: CPU per request | relative to without | bytes per request |
					| --- | --- | --- | --- | --- | --- | --- |"""
				.formatted(Side.values().length, this.slice.toSeconds(), this.rounds, forks));
		for (Side side : Side.values()) {
			this.output.say(String.format(Locale.ROOT, "| %s | %.1f \u00b5s | %s | %s | %.1f \u00b5s | %s | %.0f |",
					side.title(), micros(side, Outcome::saturated), ratio(side, Outcome::saturated), more(side),
					micros(side, Outcome::part), ratio(side, Outcome::part),
					mean((outcome) -> Objects.requireNonNull(outcome.bytes().get(side)))));
		}
	}

	private void report(List<Double> recorded) {
		this.output.say(String.format(Locale.ROOT,
				"""

						The detector `jfr` records the whole JVM. Its cost is therefore measured with two JVMs on the same CPU that are
						loaded at the same time, one of which records intermittently. While it records, a request to the server with
						the defaults of the library costs %.2f times as much as before, including the CPU time of all threads: the
						median of %d measurements, which range from %.2f to %.2f.""",
				recorded.get(recorded.size() / 2), recorded.size(), recorded.get(0),
				recorded.get(recorded.size() - 1)));
	}

	/** CPU time per request in nanoseconds, one row for each round. */
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
	 * The results of one JVM.
	 *
	 * @param saturated the rounds at saturation
	 * @param part the rounds at a part of it
	 * @param bytes the bytes that a request allocates
	 */
	private record Outcome(List<Costs> saturated, List<Costs> part, Map<Side, Double> bytes) {
	}

}
