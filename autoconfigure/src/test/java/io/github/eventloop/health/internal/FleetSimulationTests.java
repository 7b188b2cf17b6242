package io.github.eventloop.health.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.health.internal.FleetRule.Kind;
import io.github.eventloop.health.internal.FleetSimulation.Connections;
import io.github.eventloop.health.internal.FleetSimulation.Outcome;
import io.github.eventloop.health.internal.FleetSimulation.Scenario;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the results of the {@link FleetSimulation} that are published in
 * {@code docs/overload.md}. Writes the tables to {@code target/fleet.md}.
 */
class FleetSimulationTests {

	private static final Path OVERLOAD_PAGE = Path.of("..", "docs", "overload.md");

	private static final int[] SIZES = { 3, 5, 10, 100 };

	private static final int LARGE = 1000;

	/** The columns of the documentation. The other kinds are only tested. */
	private static final List<FleetRule.Factory> COLUMNS = List.of(Kind.NOTHING, Kind.THRESHOLD, Kind.DEFAULTS,
			Kind.GATE, Kind.BOTH);

	/** The policy as it is, and without each of its parts. */
	private static final List<FleetRule.Factory> PARTS = List.of(Kind.DEFAULTS, FleetPart.COMPARISON,
			FleetPart.DRAIN_IN_SERVICE, Kind.GATE, FleetPart.SHARED_TROUBLE);

	private static final int[] DELAYS = { 0, 10, 20, 30, 60 };

	/** Up to this size, a tenth is one pod, which is another scenario. */
	private static final int TENTH_IS_ONE = 10;

	/** Shared by the tests, as runs are slow and several tests use the same ones. */
	private static final Map<Run, List<Outcome>> outcomes = new HashMap<>();

	@ParameterizedTest
	@MethodSource("fleets")
	void defaultsShouldAnswerNearlyAsManyAsWithoutReadiness(Run fleet) {
		assertThat(share(fleet.with(Kind.DEFAULTS))).isGreaterThan(0.9 * share(fleet.with(Kind.NOTHING)));
	}

	@ParameterizedTest
	@ValueSource(ints = { 3, 5, 10, 100 })
	void whenOneIsSlowDefaultsShouldAnswerNearlyAsManyAsIfItLeftAtOnce(int pods) {
		Run fleet = new Run(Scenario.ONE_SLOW, pods, Connections.CLOSED, Kind.NOTHING);
		assertThat(share(fleet.with(Kind.DEFAULTS))).isGreaterThan(share(fleet.with(Kind.AT_ONCE)) - 0.025)
			.isGreaterThan(share(fleet));
	}

	@ParameterizedTest
	@MethodSource("fleets")
	void defaultsShouldHardlyEverEmptyTheService(Run fleet) {
		assertThat(most(fleet.with(Kind.DEFAULTS), Outcome::secondsWithoutPods)).isLessThan(10);
	}

	@ParameterizedTest
	@MethodSource("fleets")
	void gateShouldAnswerAsManyAsWithoutReadinessAndNeverEmptyTheService(Run fleet) {
		Run floor = fleet.with(Kind.GATE);
		assertThat(share(floor)).isGreaterThan(0.98 * share(fleet));
		assertThat(least(floor, Outcome::leastReady)).isGreaterThanOrEqualTo(0.6);
	}

	@ParameterizedTest
	@MethodSource("fleets")
	void bothShouldBeAsGoodAsTheBest(Run fleet) {
		double best = Stream.of(Kind.values()).mapToDouble((kind) -> share(fleet.with(kind))).max().orElseThrow();
		assertThat(share(fleet.with(Kind.BOTH))).isGreaterThan(best - 0.03);
	}

	@Test
	void whenFleetIsLargeGateShouldStillHelp() {
		Run fleet = new Run(Scenario.TENTH_SLOW, LARGE, Connections.CLOSED, Kind.NOTHING);
		assertThat(1 - share(fleet.with(Kind.GATE))).isLessThan(0.3 * (1 - share(fleet)));
	}

	@Test
	@Tag("slow")
	void tableOfLargeFleetShouldMatchTheDocumentation() throws IOException {
		String table = table(List.of(Scenario.values()), Connections.CLOSED, COLUMNS, LARGE);
		Files.writeString(Path.of("target", "large-fleet.md"), table);
		assertThat(Files.readString(OVERLOAD_PAGE))
			.as("docs/overload.md, the table of which should match autoconfigure/target/large-fleet.md")
			.contains(table);
	}

	@Test
	void tablesShouldMatchTheDocumentation() throws IOException {
		List<String> tables = new ArrayList<>();
		tables.add(table(List.of(Scenario.ONE_SLOW, Scenario.ALL_SLOW, Scenario.ALL_LAG, Scenario.SLOW_BACKEND,
				Scenario.TWICE, Scenario.CASCADE), Connections.CLOSED, COLUMNS, 3, 10));
		tables.add(table(List.of(Scenario.ONE_SLOW, Scenario.ALL_LAG, Scenario.SLOW_BACKEND, Scenario.CASCADE),
				Connections.NEW, COLUMNS, 3));
		tables.add(delays());
		tables.add(table(List.of(Scenario.ALL_LAG, Scenario.CASCADE), Connections.CLOSED, PARTS, 3));
		Files.writeString(Path.of("target", "fleet.md"), String.join("\n", tables));
		assertThat(Files.readString(OVERLOAD_PAGE))
			.as("docs/overload.md, the tables of which should match those in autoconfigure/target/fleet.md")
			.contains(tables);
	}

	private static String table(List<Scenario> scenarios, Connections connections, List<FleetRule.Factory> rules,
			int... sizes) {
		StringBuilder table = new StringBuilder("| scenario | pods |");
		rules.forEach((rule) -> table.append(" ").append(rule.title()).append(" |"));
		table.append("\n| --- |" + " --- |".repeat(1 + rules.size()) + "\n");
		for (Scenario scenario : scenarios) {
			for (int pods : sizes) {
				Run run = new Run(scenario, pods, connections, Kind.NOTHING);
				if (run.isDistinct()) {
					table.append("| %s | %d |".formatted(scenario.title(), pods));
					rules.forEach((rule) -> table.append(cell(run.with(rule))));
					table.append("\n");
				}
			}
		}
		return table.toString();
	}

	/** Return what a longer delay before leaving costs and prevents. */
	private static String delays() {
		StringBuilder table = new StringBuilder("| longest delay |");
		List<Run> runs = new ArrayList<>();
		for (Scenario scenario : List.of(Scenario.ONE_SLOW, Scenario.SLOW_BACKEND, Scenario.ALL_LAG)) {
			runs.add(new Run(scenario, 3, Connections.CLOSED, Kind.NOTHING));
			table.append(" %s |".formatted(scenario.title()));
		}
		table.append("\n| --- |" + " --- |".repeat(runs.size()) + "\n");
		for (int delay : DELAYS) {
			Delay rule = new Delay(delay);
			table.append("| %s |".formatted(rule.title()));
			runs.forEach((run) -> table.append(cell(run.with(rule))));
			table.append("\n");
		}
		return table.toString();
	}

	private static String cell(Run run) {
		double empty = most(run, Outcome::secondsWithoutPods);
		return String.format(Locale.ROOT, " %.1f %%%s |", 100 * share(run),
				(empty > 0) ? String.format(Locale.ROOT, " (%.0f s)", Math.ceil(empty)) : "");
	}

	@Test
	void sameSeedShouldHaveTheSameOutcome() {
		assertThat(run(7)).isEqualTo(run(7)).isNotEqualTo(run(8));
	}

	private static Outcome run(long seed) {
		return new FleetSimulation(10, Scenario.CASCADE, Connections.CLOSED, Kind.DEFAULTS, seed).run();
	}

	static Stream<Run> fleets() {
		return Stream.of(Scenario.values())
			.flatMap((scenario) -> IntStream.of(SIZES)
				.mapToObj((pods) -> new Run(scenario, pods, Connections.CLOSED, Kind.NOTHING)))
			.filter(Run::isDistinct);
	}

	/** Return the share of requests in time, or of those that are without readiness. */
	private static double share(Run run) {
		double inTime = mean(run, Outcome::inTime);
		return (run.scenario == Scenario.SLOW_BACKEND) ? inTime / mean(run.with(Kind.NOTHING), Outcome::inTime)
				: inTime;
	}

	private static double mean(Run run, ToDoubleFunction<Outcome> figure) {
		return outcomes(run).stream().mapToDouble(figure).average().orElseThrow();
	}

	private static double least(Run run, ToDoubleFunction<Outcome> figure) {
		return outcomes(run).stream().mapToDouble(figure).min().orElseThrow();
	}

	private static double most(Run run, ToDoubleFunction<Outcome> figure) {
		return outcomes(run).stream().mapToDouble(figure).max().orElseThrow();
	}

	private static List<Outcome> outcomes(Run run) {
		return outcomes.computeIfAbsent(run, Run::outcomes);
	}

	/** The policy of the library with another delay. */
	private record Delay(int seconds) implements FleetRule.Factory {

		@Override
		public String title() {
			return "%d s".formatted(this.seconds);
		}

		@Override
		public FleetRule create(FleetFloor floor, SplittableRandom random) {
			return new FleetRule.Policy(Duration.ofSeconds(this.seconds), null, random);
		}

	}

	private record Run(Scenario scenario, int pods, Connections connections, FleetRule.Factory rule) {

		Run with(FleetRule.Factory rule) {
			return new Run(this.scenario, this.pods, this.connections, rule);
		}

		boolean isDistinct() {
			return this.scenario != Scenario.TENTH_SLOW || this.pods > TENTH_IS_ONE;
		}

		/** Repeat small fleets more often, as chance has more influence on them. */
		List<Outcome> outcomes() {
			List<Outcome> outcomes = new ArrayList<>();
			for (long seed = 1; seed <= Math.max(1, Math.min(20, 100 / this.pods)); seed++) {
				outcomes.add(new FleetSimulation(this.pods, this.scenario, this.connections, this.rule, seed).run());
			}
			return outcomes;
		}

	}

}
