package io.github.eventloop.health.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.health.internal.FleetSimulation.Connections;
import io.github.eventloop.health.internal.FleetSimulation.Outcome;
import io.github.eventloop.health.internal.FleetSimulation.Sample;
import io.github.eventloop.health.internal.FleetSimulation.Scenario;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the results of the {@link FleetSimulation} that are published in
 * {@code docs/fleet.md}. Writes the tables to {@code target/fleet.md}, and the samples of
 * each second to {@code target/fleet.csv}.
 */
class FleetSimulationTests {

	private static final int PODS = 100;

	/** Shared by the tests, as runs are slow and several tests use the same ones. */
	private static final Map<Run, List<Outcome>> outcomes = new HashMap<>();

	@ParameterizedTest
	@EnumSource(Connections.class)
	void whenAFewAreSlowShouldServeMoreThanWithoutASignal(Connections connections) {
		Run ours = new Run(Scenario.FEW_SLOW, PODS, connections, FleetRule.Kind.OURS);
		assertThat(failed(ours)).isLessThan(0.9 * failed(ours.with(FleetRule.Kind.NONE)));
	}

	@Test
	void whenAFewAreSlowAndConnectionsAreClosedShouldFailMuchLess() {
		Run ours = new Run(Scenario.FEW_SLOW, PODS, Connections.CLOSED, FleetRule.Kind.OURS);
		assertThat(failed(ours)).isLessThan(0.3 * failed(ours.with(FleetRule.Kind.NONE)))
			.isLessThan(1.2 * failed(ours.with(FleetRule.Kind.ALL_LEAVE)));
	}

	@ParameterizedTest
	@CsvSource({ "3, 50", "10, 20", "100, 20", "1000, 20" })
	void whenAllAreOverloadedShouldHaveNoReadyPodsForAShortTimeOnly(int pods, int seconds) {
		Run ours = new Run(Scenario.ALL_OVERLOADED, pods, Connections.CLOSED, FleetRule.Kind.OURS);
		assertThat(most(ours, Outcome::secondsWithoutPods)).isLessThan(seconds)
			.isLessThan(0.9 * most(ours.with(FleetRule.Kind.ALL_LEAVE), Outcome::secondsWithoutPods));
		assertThat(mean(ours, Outcome::meanReady)).isGreaterThan(0.6);
	}

	@ParameterizedTest
	@EnumSource(Connections.class)
	void whenAllAreOverloadedShouldServeMoreThanWithoutASignal(Connections connections) {
		Run ours = new Run(Scenario.ALL_OVERLOADED, PODS, connections, FleetRule.Kind.OURS);
		assertThat(inTime(ours)).isGreaterThan(inTime(ours.with(FleetRule.Kind.NONE)));
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, 100, 1000 })
	void whenAllAreOverloadedShouldHaveNoReadyPodsOnlyOnce(int pods) {
		Run ours = new Run(Scenario.ALL_OVERLOADED, pods, Connections.CLOSED, FleetRule.Kind.OURS);
		assertThat(outcomes(ours)).allSatisfy((outcome) -> assertThat(lastSecondWithoutPods(outcome)).isLessThan(30));
		// Verifies that the check can fail.
		assertThat(outcomes(ours.with(FleetRule.Kind.ALL_LEAVE)))
			.allSatisfy((outcome) -> assertThat(lastSecondWithoutPods(outcome)).isGreaterThan(45));
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, 100, 1000 })
	void whenOthersBecomeOverloadedShouldServeMoreThanIfAllLeft(int pods) {
		Run ours = new Run(Scenario.CASCADE, pods, Connections.CLOSED, FleetRule.Kind.OURS);
		assertThat(inTime(ours)).isGreaterThan(inTime(ours.with(FleetRule.Kind.ALL_LEAVE)) + 0.05);
	}

	@Test
	void whenCascadeIsOverShouldServeMoreThanIfAllLeft() {
		Run ours = new Run(Scenario.CASCADE, PODS, Connections.CLOSED, FleetRule.Kind.OURS);
		assertThat(inTimeAtTheEnd(ours)).isGreaterThan(inTimeAtTheEnd(ours.with(FleetRule.Kind.ALL_LEAVE)) + 0.1);
	}

	@ParameterizedTest
	@EnumSource(names = { "ALL_OVERLOADED", "CASCADE" })
	void shouldChangeReadinessLessOftenThanWithAThreshold(Scenario scenario) {
		Run ours = new Run(scenario, PODS, Connections.CLOSED, FleetRule.Kind.OURS);
		assertThat(mean(ours, Outcome::changesPerMinute))
			.isLessThan(0.5 * mean(ours.with(FleetRule.Kind.NAIVE), Outcome::changesPerMinute));
	}

	@ParameterizedTest
	@EnumSource(Scenario.class)
	void whenSheddingShouldStayReady(Scenario scenario) {
		Run shedding = new Run(scenario, PODS, Connections.CLOSED, FleetRule.Kind.SHEDDING);
		assertThat(inTime(shedding)).isGreaterThan(0.7);
		assertThat(mean(shedding, Outcome::p99LagMillis)).isLessThan(200);
		assertThat(mean(shedding, Outcome::meanReady)).isGreaterThan(0.95);
	}

	@Test
	void sameSeedShouldHaveTheSameOutcome() {
		assertThat(run(7)).isEqualTo(run(7)).isNotEqualTo(run(8));
	}

	@Test
	void tablesShouldMatchTheDocumentation() throws IOException {
		List<Run> scenarios = new ArrayList<>();
		List<Run> sizes = new ArrayList<>();
		List<Run> connections = new ArrayList<>();
		for (Scenario scenario : Scenario.values()) {
			addAll(scenarios, scenario, PODS, Connections.CLOSED);
			scenarios.add(new Run(scenario, PODS, Connections.CLOSED, FleetRule.Kind.SHEDDING));
		}
		for (Scenario scenario : List.of(Scenario.ALL_OVERLOADED, Scenario.CASCADE)) {
			for (int pods : new int[] { 3, 10, 1000 }) {
				addAll(sizes, scenario, pods, Connections.CLOSED);
			}
		}
		for (Scenario scenario : List.of(Scenario.FEW_SLOW, Scenario.ALL_OVERLOADED, Scenario.CASCADE)) {
			addAll(connections, scenario, PODS, Connections.KEPT);
			addAll(connections, scenario, PODS, Connections.NEW);
		}
		List<String> tables = List.of(table(scenarios), table(sizes), table(connections));
		Files.writeString(Path.of("target", "fleet.md"), String.join("\n", tables));
		Files.write(Path.of("target", "fleet.csv"), seconds(scenarios));
		assertThat(Files.readString(Path.of("..", "docs", "fleet.md")))
			.as("docs/fleet.md, the tables of which should match those in autoconfigure/target/fleet.md")
			.contains(tables);
	}

	private static void addAll(List<Run> runs, Scenario scenario, int pods, Connections connections) {
		for (FleetRule.Kind rule : FleetRule.Kind.values()) {
			if (rule != FleetRule.Kind.SHEDDING) {
				runs.add(new Run(scenario, pods, connections, rule));
			}
		}
	}

	private static String table(List<Run> runs) {
		StringBuilder table = new StringBuilder(
				"""
						| scenario | pods | connections | readiness | in time | lag p99 | ready, least | mean | none ready | changes |
						| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
						""");
		runs.forEach((run) -> table.append(row(run)));
		return table.toString();
	}

	private static String row(Run run) {
		return String.format(Locale.ROOT,
				"| %s | %d | %s | %s | %.1f %% | %.2f s | %.0f %% | %.0f %% | %.0f s | %.2f |\n", run.scenario.title(),
				run.pods, run.connections.title(), run.rule.title(), 100 * inTime(run),
				mean(run, Outcome::p99LagMillis) / 1000, 100 * least(run, Outcome::leastReady),
				100 * mean(run, Outcome::meanReady), most(run, Outcome::secondsWithoutPods),
				mean(run, Outcome::changesPerMinute));
	}

	/** Return the samples of the first simulation of each run. */
	private static List<String> seconds(List<Run> runs) {
		List<String> lines = new ArrayList<>(List.of("scenario,readiness,second,ready,in_time"));
		for (Run run : runs) {
			int second = 0;
			for (Sample sample : outcomes(run).get(0).seconds()) {
				lines.add(String.format(Locale.ROOT, "%s,%s,%d,%.4f,%.4f", run.scenario, run.rule, second++,
						sample.ready(), sample.inTime()));
			}
		}
		return lines;
	}

	private static Outcome run(long seed) {
		return new FleetSimulation(10, Scenario.CASCADE, Connections.CLOSED, FleetRule.Kind.OURS, seed).run();
	}

	private static double inTime(Run run) {
		return mean(run, Outcome::inTime);
	}

	/** Return the share in the last minute, at least one minute after the trouble. */
	private static double inTimeAtTheEnd(Run run) {
		return mean(run,
				(outcome) -> outcome.seconds()
					.stream()
					.skip(outcome.seconds().size() - 60)
					.mapToDouble(Sample::inTime)
					.average()
					.orElseThrow());
	}

	private static int lastSecondWithoutPods(Outcome outcome) {
		int last = -1;
		for (int second = 0; second < outcome.seconds().size(); second++) {
			if (outcome.seconds().get(second).ready() == 0) {
				last = second;
			}
		}
		return last;
	}

	private static double failed(Run run) {
		return 1 - inTime(run);
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

	private record Run(Scenario scenario, int pods, Connections connections, FleetRule.Kind rule) {

		Run with(FleetRule.Kind rule) {
			return new Run(this.scenario, this.pods, this.connections, rule);
		}

		/** Repeat small fleets more often, as chance has more influence on them. */
		List<Outcome> outcomes() {
			List<Outcome> outcomes = new ArrayList<>();
			for (long seed = 1; seed <= Math.max(1, Math.min(10, 200 / this.pods)); seed++) {
				outcomes.add(new FleetSimulation(this.pods, this.scenario, this.connections, this.rule, seed).run());
			}
			return outcomes;
		}

	}

}
