package io.github.eventloop.benchmarks;

import java.io.IOException;
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
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import io.github.eventloop.benchmarks.ComparedApplication.Side;
import io.github.eventloop.benchmarks.CostFork.CostRecorded;
import io.github.eventloop.benchmarks.CostFork.Costs;

/**
 * Benchmark of the CPU time per request, with and without the library.
 */
public final class CostRun {

	private static final List<Side> SIDES = List.of(Side.values());

	/** The servers that are compared with other requests. */
	private static final List<Side> FEW = List.of(Side.STOCK, Side.STOCK_TOO, Side.DEFAULTS);

	private static final Duration WARM_UP = Duration.ofSeconds(20);

	private static final int WARM_UPS = 3;

	private static final int RECORDINGS = 7;

	private static final Duration SETTLING = Duration.ofSeconds(12);

	private final Run run;

	private final int rounds;

	private final Duration slice;

	private final List<Outcome> outcomes = new ArrayList<>();

	private CostRun(Run run) {
		this.run = run;
		this.rounds = run.get("rounds", 20);
		this.slice = Duration.ofSeconds(run.get("slice", 1));
	}

	/**
	 * Forks are JVMs; each of them is loaded in rounds, at saturation and again at 30 %
	 * of it; a slice is the duration of a round in seconds.
	 */
	public static void main(String[] arguments) throws IOException {
		Run run = new Run("cost", arguments, "forks", "rounds", "slice");
		new CostRun(run).run(run.get("forks", 16));
	}

	private void run(int forks) throws IOException {
		CostFork.moveToOtherCpu(this.run.directory());
		for (int number = 1; number <= forks; number++) {
			this.run.progress("JVM %d of %d", number, forks);
			try (CostFork fork = new CostFork("fork-" + number, number, this.run.directory())) {
				Outcome outcome = measure(fork);
				this.outcomes.add(outcome);
				this.run.progress("... relative to without: %s",
						SIDES.stream()
							.map((side) -> Run.format("%.3f", ratio(outcome.saturated(), side)))
							.collect(Collectors.joining(", ")));
			}
		}
		report(forks);
		keep("saturation", Outcome::saturated);
		keep("part", Outcome::part);
		compareOtherRequests(forks);
		this.run.progress("%d recordings", RECORDINGS);
		List<Double> recorded = recorded();
		this.run.say(
				"""

						The detector `jfr` records the whole JVM. Its cost is therefore measured with two JVMs on the same CPU that are
						loaded at the same time, one of which records intermittently. While it records, a request to the server with
						the defaults of the library costs %.2f times as much as before, including the CPU time of all threads: the
						median of %d measurements, which range from %.2f to %.2f.

						What this does not show: code is compiled for all servers together. Other threads: the garbage
						collector, the compiler, and `eventloop-monitor`, whose CPU time is listed under [idle](#idle).
						Requests with a body, whose parts are tracked too. And requests that do more work, except that each
						part of the library costs them the same.""",
				recorded.get(RECORDINGS / 2), RECORDINGS, recorded.get(0), recorded.get(RECORDINGS - 1));
	}

	private Outcome measure(CostFork fork) {
		Map<Side, Long> answered = Map.of();
		for (int warmUp = 0; warmUp < WARM_UPS; warmUp++) {
			answered = fork.load(SIDES, CostFork.SATURATING, WARM_UP);
		}
		double capacity = answered.values().stream().mapToLong(Long::longValue).average().orElseThrow()
				/ WARM_UP.toSeconds();
		Map<Side, Double> bytes = new EnumMap<>(Side.class);
		SIDES.forEach((side) -> bytes.put(side, fork.allocated(side, Duration.ofSeconds(2))));
		List<Costs> saturated = rounds(fork, CostFork.SATURATING);
		int part = (int) (0.3 * capacity);
		fork.load(SIDES, part, Duration.ofSeconds(10));
		return new Outcome(saturated, rounds(fork, part), bytes);
	}

	private List<Costs> rounds(CostFork fork, int perSecond) {
		return Stream.generate(() -> fork.round(perSecond, this.slice)).limit(this.rounds).toList();
	}

	private void compareOtherRequests(int forks) throws IOException {
		this.run.say(
				"""

						Other requests, at saturation, each kind in %d JVMs with two servers without the library and one with its
						defaults. A stream of HTTP/2 follows the one before it on the same connection. The gateway and the server
						that it forwards to use different CPUs; the figure is that of the gateway's loop, which is the loop of its
						client as well.

						| request | without the library: CPU per request | the defaults, relative to without |
						| --- | --- | --- |""",
				forks);
		DisposableServer backend = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.handle((request, response) -> response.sendString(Mono.just("hello")))
			.bindNow();
		try {
			for (ComparedRequest request : ComparedRequest.values()) {
				if (request != ComparedRequest.HELLO) {
					compare(request, forks, backend.port());
				}
			}
		}
		finally {
			backend.disposeNow();
		}
	}

	private void compare(ComparedRequest request, int forks, int backend) throws IOException {
		String name = request.name().toLowerCase(Locale.ROOT);
		List<Double> ratios = new ArrayList<>();
		List<Double> stock = new ArrayList<>();
		List<double[]> rows = new ArrayList<>();
		for (int number = 1; number <= forks; number++) {
			this.run.progress("%s: JVM %d of %d", request.title(), number, forks);
			try (CostFork fork = new CostFork(name + "-" + number, number, this.run.directory(), request, FEW,
					backend)) {
				fork.load(FEW, CostFork.SATURATING, WARM_UP.multipliedBy(2));
				List<Costs> costs = rounds(fork, CostFork.SATURATING);
				ratios.add(ratio(costs, Side.DEFAULTS));
				stock.add(mean(costs, Costs::stock));
				rows.add(FEW.stream().mapToDouble((side) -> mean(costs, (round) -> round.of(side))).toArray());
			}
			this.run.progress("... relative to without: %.3f", ratios.get(ratios.size() - 1));
		}
		this.run.say("| %s | %.1f \u00b5s | %s |", request.title(), Estimate.of(stock).mean() / 1000,
				Estimate.of(ratios));
		this.run.keep(name, FEW.stream().map(Side::name).toList(), rows);
	}

	private List<Double> recorded() {
		int few = Math.max(1, this.rounds / 3);
		try (CostRecorded recorded = new CostRecorded(this.run.directory())) {
			for (int warmUp = 0; warmUp < WARM_UPS; warmUp++) {
				recorded.ratio(WARM_UP);
			}
			// After its first recording, a JVM compiles for longer.
			recorded.cycle(1, this.slice, SETTLING);
			return Stream.generate(() -> recorded.cycle(few, this.slice, SETTLING)).limit(RECORDINGS).sorted().toList();
		}
	}

	private void report(int forks) {
		this.run.say(
				"""
						# CPU per request

						One JVM on one CPU runs %d servers of Spring WebFlux, each with one loop and a route that
						answers `hello`: the lowest possible cost of a request. All of them are loaded from another CPU
						at the same time, over three connections each, for %d s, %d times, so that they can be compared.
						h2load saturates them; at 30 %% of that load, requests are sent at random times. CPU time is
						that of the server's loop as reported by Linux. The figure of a JVM is the mean of its rounds,
						relative to the mean of the two servers without the library; the table shows the means of %d
						JVMs and their 95 %% confidence intervals. Each server whose name starts with "and" adds one
						feature to the server above it; the fourth column shows the cost of that feature. In that
						column, the other servers are compared with the two without the library, and the second of these
						with the first: that is noise. Bytes are those that the loop allocates.

						| server | saturation: CPU per request | relative to without | added feature | 30 %%: CPU per request | relative to without | bytes per request |
						| --- | --- | --- | --- | --- | --- | --- |""",
				SIDES.size(), this.slice.toSeconds(), this.rounds, forks);
		for (Side side : SIDES) {
			Object added = (side == Side.STOCK) ? "" : estimate((outcome) -> ratio(outcome.saturated(), side)
					- side.base().map((base) -> ratio(outcome.saturated(), base)).orElse(1.0));
			this.run.say("| %s | %.1f \u00b5s | %s | %s | %.1f \u00b5s | %s | %.0f |", side.title(),
					micros(side, Outcome::saturated), estimate((outcome) -> ratio(outcome.saturated(), side)), added,
					micros(side, Outcome::part), estimate((outcome) -> ratio(outcome.part(), side)),
					estimate((outcome) -> Objects.requireNonNull(outcome.bytes().get(side))).mean());
		}
	}

	/** Keep the CPU time per request in nanoseconds, one row for each round. */
	private void keep(String name, Function<Outcome, List<Costs>> load) throws IOException {
		List<double[]> rows = new ArrayList<>();
		for (int jvm = 0; jvm < this.outcomes.size(); jvm++) {
			for (Costs costs : load.apply(this.outcomes.get(jvm))) {
				rows.add(
						DoubleStream.concat(DoubleStream.of(jvm + 1), SIDES.stream().mapToDouble(costs::of)).toArray());
			}
		}
		this.run.keep(name, Stream.concat(Stream.of("jvm"), SIDES.stream().map(Side::name)).toList(), rows);
	}

	private double micros(Side side, Function<Outcome, List<Costs>> load) {
		return estimate((outcome) -> ratio(load.apply(outcome), side) * mean(load.apply(outcome), Costs::stock)).mean()
				/ 1000;
	}

	private Estimate estimate(Function<Outcome, Double> figure) {
		return Estimate.of(this.outcomes.stream().map(figure).toList());
	}

	private static double ratio(List<Costs> rounds, Side side) {
		return mean(rounds, (costs) -> costs.ratio(side));
	}

	private static double mean(List<Costs> rounds, ToDoubleFunction<Costs> value) {
		return rounds.stream().mapToDouble(value).average().orElseThrow();
	}

	/**
	 * The results of one JVM.
	 */
	private record Outcome(List<Costs> saturated, List<Costs> part, Map<Side, Double> bytes) {
	}

}
