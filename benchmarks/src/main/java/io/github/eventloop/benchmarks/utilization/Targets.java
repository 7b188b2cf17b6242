package io.github.eventloop.benchmarks.utilization;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.eventloop.benchmarks.utilization.Recording.Second;

/**
 * The targets for the last step of each scenario, with a margin for a busy machine.
 */
final class Targets {

	private final Scenario scenario;

	private final Recording last;

	private final double utilization;

	private final double loopCpu;

	private final double processCpu;

	private final List<String> unmet = new ArrayList<>();

	private Targets(Scenario scenario, Recording last) {
		this.scenario = scenario;
		this.last = last;
		this.utilization = last.mean(Second::utilization);
		this.loopCpu = last.mean(Second::loopCpu);
		this.processCpu = last.mean(Second::processCpu);
	}

	/**
	 * Return the last step, without the second in which it began.
	 * @param recording the whole recording
	 * @param step the duration of each step
	 * @return the seconds that are compared with the targets
	 */
	static Recording lastStep(Recording recording, Duration step) {
		double end = Experiment.end(step).toMillis() / 1000.0;
		return recording.between(end - step.toMillis() / 1000.0 + 0.5, end);
	}

	/**
	 * Compare a last step with the targets of its scenario.
	 * @param scenario the scenario
	 * @param last the recording of its last step
	 * @return the targets that were missed
	 */
	static List<String> unmet(Scenario scenario, Recording last) {
		Targets targets = new Targets(scenario, last);
		switch (scenario.name()) {
			case "computing" -> targets.computing();
			case "garbage" -> targets.garbage();
			case "offloaded" -> targets.offloaded();
			case "quota" -> targets.quota();
			case "blocking" -> targets.blocking();
			default -> throw new IllegalArgumentException("Unknown scenario " + scenario.name());
		}
		return targets.unmet;
	}

	private void computing() {
		// The exact value depends on the speed of the machine.
		check(this.utilization > 0.1, "the loops are busy");
		check(this.loopCpu > 0.7 * this.utilization, "the loops are on a CPU for most of the time that they are busy");
		// On a busy machine, compilation takes longer than the warm-up.
		check(this.loopCpu > this.processCpu / 2, "the loops use most of the CPU time of the process");
	}

	private void garbage() {
		check(this.processCpu > this.loopCpu + 0.15, "the collector uses CPU time in addition to the loops");
		check(this.processCpu > this.utilization + 0.1, "the process uses more CPU time than the loops are busy");
		check(this.last.mean(Second::pauseMillis) > 10, "the process pauses");
	}

	private void offloaded() {
		check(this.processCpu > 0.15, "the process uses CPU time");
		check(this.utilization < this.processCpu / 3, "the loops are mostly idle");
	}

	private void quota() {
		check(this.processCpu < 1.2 * Scenario.HALF, "the process uses no more than half a CPU");
		check(this.processCpu > 0.7 * Scenario.HALF, "the process uses its quota");
		check(this.utilization > 0.8, "the loop is always busy");
		check(this.last.mean(Second::pauseMillis) > 10, "the process pauses");
	}

	private void blocking() {
		check(this.utilization > 0.3, "the loops are busy while blocked");
		check(this.loopCpu < this.utilization / 4, "the loops use little CPU time");
		check(this.processCpu < this.utilization / 2, "the process uses little CPU time");
	}

	private void check(boolean met, String target) {
		if (!met) {
			this.unmet.add(String.format(Locale.ROOT,
					"%s: %s, but utilization is %.3f, CPU of the loops %.3f, of the process %.3f, pauses %.0f ms/s",
					this.scenario.name(), target, this.utilization, this.loopCpu, this.processCpu,
					this.last.mean(Second::pauseMillis)));
		}
	}

}
