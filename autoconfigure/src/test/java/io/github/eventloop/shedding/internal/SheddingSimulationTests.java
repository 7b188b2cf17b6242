package io.github.eventloop.shedding.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.shedding.internal.SheddingSimulation.Outcome;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the results of the {@link SheddingSimulation} that are published in
 * {@code docs/overload.md}. Writes the table to {@code target/shedding.md}.
 */
class SheddingSimulationTests {

	private static final Duration DURATION = Duration.ofMinutes(2);

	private static final Duration PATIENT = Duration.ofSeconds(10);

	private static final Duration IMPATIENT = Duration.ofSeconds(1);

	private static final Set<SimulatedWorkload> COMPARED = EnumSet.of(SimulatedWorkload.FAST, SimulatedWorkload.SLOW,
			SimulatedWorkload.BLOCKING, SimulatedWorkload.MIXED);

	/** Shared by the tests, as several use the same runs. */
	private static final Map<Run, List<Outcome>> outcomes = new HashMap<>();

	static List<Scenario> scenarios() {
		List<Scenario> scenarios = new ArrayList<>();
		for (SimulatedWorkload workload : COMPARED) {
			for (double load : new double[] { 0.7, 0.9, 1.3, 2 }) {
				scenarios.add(new Scenario(workload, load, 0));
			}
		}
		for (int callers : new int[] { 2, 4, 8 }) {
			scenarios.add(new Scenario(SimulatedWorkload.BLOCKING, 0, callers));
		}
		scenarios.add(new Scenario(SimulatedWorkload.BACKEND, 0.15, 0));
		scenarios.add(new Scenario(SimulatedWorkload.FAST_GARBAGE, 0.7, 0));
		scenarios.add(new Scenario(SimulatedWorkload.SLOW_GARBAGE, 0.7, 0));
		scenarios.add(new Scenario(SimulatedWorkload.FAST_GARBAGE, 1.3, 0));
		return scenarios;
	}

	/** At 0.9 times the capacity, it is a matter of chance how long the queue gets. */
	static Stream<Scenario> clearScenarios() {
		return scenarios().stream().filter((scenario) -> scenario.load != 0.9);
	}

	static Stream<Scenario> scenariosToShedNothingIn() {
		return clearScenarios().filter((scenario) -> scenario.load <= 0.7);
	}

	static Stream<Scenario> overloads() {
		return clearScenarios().filter((scenario) -> scenario.load > 1);
	}

	@ParameterizedTest
	@MethodSource("clearScenarios")
	void adaptiveGoodputShouldBeCloseToTheBest(Scenario scenario) {
		for (Duration timeout : List.of(PATIENT, IMPATIENT)) {
			double adaptive = goodput(scenario, SimulatedPolicy.ADAPTIVE, timeout);
			for (SimulatedPolicy other : SimulatedPolicy.values()) {
				double tolerance = (other == SimulatedPolicy.NONE) ? 0.02 : 0.03;
				assertThat(adaptive).as("%s with a timeout of %s, compared with %s", scenario, timeout, other)
					.isGreaterThan(goodput(scenario, other, timeout) - tolerance);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "FIXED", "ON_OFF", "SMOOTHED" })
	void othersShouldNotBeCloseToTheBestInEachScenario(SimulatedPolicy policy) {
		// Verifies that the check of the adaptive policy can fail.
		assertThat(clearScenarios())
			.anySatisfy((scenario) -> assertThat(goodput(scenario, policy, PATIENT)).isLessThan(0.6)
				.isLessThan(goodput(scenario, SimulatedPolicy.NONE, PATIENT) - 0.2));
	}

	@ParameterizedTest
	@MethodSource("scenariosToShedNothingIn")
	void whenNotOverloadedShouldShedNothing(Scenario scenario) {
		assertThat(mean(new Run(scenario, PATIENT, SimulatedPolicy.ADAPTIVE), Outcome::shed)).isLessThan(0.001);
	}

	@ParameterizedTest
	@MethodSource("overloads")
	void whenOverloadedShouldLimitLatency(Scenario scenario) {
		double p99 = mean(new Run(scenario, PATIENT, SimulatedPolicy.ADAPTIVE), Outcome::p99Millis);
		assertThat(p99)
			.isLessThan((scenario.workload.meanServiceNanos() < Duration.ofMillis(100).toNanos()) ? 2000 : 4000)
			.isLessThan(0.2 * mean(new Run(scenario, PATIENT, SimulatedPolicy.NONE), Outcome::p99Millis));
	}

	@Test
	void whenMostCallersLeaveShouldStopShedding() {
		Duration leave = Duration.ofSeconds(30);
		// Much later than the end of the first experiment, which begins after a minute.
		Duration counted = Duration.ofMinutes(2);
		assertThat(withCallersThatLeave(leave).countFrom(Duration.ZERO).runWaiting(8, leave).shed()).isGreaterThan(0.3);
		assertThat(withCallersThatLeave(leave).countFrom(counted).runWaiting(8, Duration.ofMinutes(3)).shed()).isZero();
	}

	private static SheddingSimulation withCallersThatLeave(Duration leave) {
		return new SheddingSimulation(SimulatedWorkload.BLOCKING, SimulatedPolicy.ADAPTIVE, PATIENT, 1).addWaiting(20,
				Duration.ZERO, leave);
	}

	@ParameterizedTest
	@ValueSource(ints = { 300, 1000, 3000 })
	void pauseShouldNotCountAsOverload(int millis) {
		assertThat(withPause(SimulatedPolicy.ADAPTIVE, millis).shed()).isZero();
		// Verifies that the check can fail.
		assertThat(withPause(SimulatedPolicy.FIXED, millis).shed()).isPositive();
	}

	private static Outcome withPause(SimulatedPolicy policy, int millis) {
		return new SheddingSimulation(SimulatedWorkload.FAST, policy, PATIENT, 1)
			.addPause(Duration.ofSeconds(15), Duration.ofMillis(millis))
			.runAtRandom(0.7, Duration.ofSeconds(30));
	}

	@Test
	void sameSeedShouldHaveTheSameOutcome() {
		Scenario scenario = new Scenario(SimulatedWorkload.MIXED, 1.3, 0);
		assertThat(scenario.run(SimulatedPolicy.ADAPTIVE, PATIENT, 7))
			.isEqualTo(scenario.run(SimulatedPolicy.ADAPTIVE, PATIENT, 7))
			.isNotEqualTo(scenario.run(SimulatedPolicy.ADAPTIVE, PATIENT, 8));
	}

	@Test
	void tableShouldMatchTheDocumentation() throws IOException {
		StringBuilder table = new StringBuilder("| requests | load |");
		for (SimulatedPolicy policy : SimulatedPolicy.values()) {
			table.append(" ").append(policy.title()).append(" |");
		}
		table.append(" shed by adaptive | its p99 |\n").append("| --- ".repeat(9)).append("|\n");
		documented().forEach((scenario) -> table.append(row(scenario)));
		Files.writeString(Path.of("target", "shedding.md"), table);
		assertThat(Files.readString(Path.of("..", "docs", "overload.md")))
			.as("docs/overload.md, the table of which should match that in autoconfigure/target/shedding.md")
			.contains(table);
	}

	/** Return the scenarios that the documentation shows: the others are only tested. */
	private static Stream<Scenario> documented() {
		return Stream.of(new Scenario(SimulatedWorkload.FAST, 0.7, 0), new Scenario(SimulatedWorkload.FAST, 2, 0),
				new Scenario(SimulatedWorkload.SLOW, 0.7, 0), new Scenario(SimulatedWorkload.SLOW, 2, 0),
				new Scenario(SimulatedWorkload.BLOCKING, 0.7, 0), new Scenario(SimulatedWorkload.BLOCKING, 2, 0),
				new Scenario(SimulatedWorkload.MIXED, 0.9, 0), new Scenario(SimulatedWorkload.MIXED, 2, 0),
				new Scenario(SimulatedWorkload.BLOCKING, 0, 4), new Scenario(SimulatedWorkload.BACKEND, 0.15, 0),
				new Scenario(SimulatedWorkload.SLOW_GARBAGE, 0.7, 0));
	}

	private static String row(Scenario scenario) {
		StringBuilder row = new StringBuilder("| ").append(scenario.workload.title())
			.append(" | ")
			.append(scenario.loadTitle())
			.append(" |");
		for (SimulatedPolicy policy : SimulatedPolicy.values()) {
			row.append(String.format(Locale.ROOT, " %.0f / %.0f |", 100 * goodput(scenario, policy, IMPATIENT),
					100 * goodput(scenario, policy, PATIENT)));
		}
		Run adaptive = new Run(scenario, PATIENT, SimulatedPolicy.ADAPTIVE);
		return row.append(String.format(Locale.ROOT, " %.0f %% | %.0f ms |\n", 100 * mean(adaptive, Outcome::shed),
				mean(adaptive, Outcome::p99Millis)))
			.toString();
	}

	private static double goodput(Scenario scenario, SimulatedPolicy policy, Duration timeout) {
		return mean(new Run(scenario, timeout, policy),
				timeout.equals(PATIENT) ? Outcome::patientGoodput : Outcome::impatientGoodput);
	}

	private static double mean(Run run, ToDoubleFunction<Outcome> figure) {
		// At random, callers that give up send no more requests than others.
		Run distinct = (run.scenario.callers > 0) ? run : new Run(run.scenario, PATIENT, run.policy);
		return outcomes.computeIfAbsent(distinct, Run::outcomes).stream().mapToDouble(figure).average().orElseThrow();
	}

	/**
	 * Requests that arrive on the loop.
	 *
	 * @param load the load at random times, as a share of the capacity
	 * @param callers the number of callers that wait for their responses, or 0
	 */
	private record Scenario(SimulatedWorkload workload, double load, int callers) {

		String loadTitle() {
			return (this.callers > 0) ? this.callers + " callers" : String.valueOf(this.load);
		}

		Outcome run(SimulatedPolicy policy, Duration timeout, long seed) {
			SheddingSimulation simulation = new SheddingSimulation(this.workload, policy, timeout, seed);
			return (this.callers > 0) ? simulation.runWaiting(this.callers, DURATION)
					: simulation.runAtRandom(this.load, DURATION);
		}

	}

	private record Run(Scenario scenario, Duration timeout, SimulatedPolicy policy) {

		List<Outcome> outcomes() {
			List<Outcome> outcomes = new ArrayList<>();
			for (long seed = 1; seed <= this.scenario.workload.runs(); seed++) {
				outcomes.add(this.scenario.run(this.policy, this.timeout, seed));
			}
			return outcomes;
		}

	}

}
