package io.github.eventloop.benchmarks.utilization;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.eventloop.benchmarks.utilization.Recording.Second;

/**
 * What each scenario promises of its last step, with room for a busy machine.
 */
final class Promises {

	private final Scenario scenario;

	private final Recording last;

	private final double utilization;

	private final double loopCpu;

	private final double processCpu;

	private final List<String> unmet = new ArrayList<>();

	private Promises(Scenario scenario, Recording last) {
		this.scenario = scenario;
		this.last = last;
		this.utilization = last.mean(Second::utilization);
		this.loopCpu = last.mean(Second::loopCpu);
		this.processCpu = last.mean(Second::processCpu);
	}

	/**
	 * Return the last step, without the second in which it began.
	 * @param recording what was seen
	 * @param step how long each step took
	 * @return the seconds that are judged
	 */
	static Recording lastStep(Recording recording, Duration step) {
		double end = Experiment.end(step).toMillis() / 1000.0;
		return recording.between(end - step.toMillis() / 1000.0 + 0.5, end);
	}

	/**
	 * Compare a last step with what its scenario promises.
	 * @param scenario the scenario
	 * @param last what was seen in its last step
	 * @return what is not as promised
	 */
	static List<String> unmet(Scenario scenario, Recording last) {
		Promises promises = new Promises(scenario, last);
		switch (scenario.name()) {
			case "computing" -> promises.computing();
			case "garbage" -> promises.garbage();
			case "offloaded" -> promises.offloaded();
			case "quota" -> promises.quota();
			case "blocking" -> promises.blocking();
			default -> throw new IllegalArgumentException("Unknown scenario " + scenario.name());
		}
		return promises.unmet;
	}

	private void computing() {
		// How much depends on how fast the machine is.
		promise(this.utilization > 0.1, "the loops are busy");
		promise(this.loopCpu > 0.7 * this.utilization, "they have a CPU for as long as they are busy");
		// A busy machine compiles for longer than the requests that warm it up.
		promise(this.loopCpu > this.processCpu / 2, "most of what the process computes");
	}

	private void garbage() {
		promise(this.processCpu > this.loopCpu + 0.15, "the collector computes beside the loops");
		promise(this.processCpu > this.utilization + 0.1, "more than the loops are busy");
		promise(this.last.mean(Second::pauseMillis) > 10, "the process pauses");
	}

	private void offloaded() {
		promise(this.processCpu > 0.15, "the process computes");
		promise(this.utilization < this.processCpu / 3, "the loops are free");
	}

	private void quota() {
		promise(this.processCpu < 1.2 * Scenario.HALF, "the process has no more than half a CPU");
		promise(this.processCpu > 0.7 * Scenario.HALF, "the process uses what it may");
		promise(this.utilization > 0.8, "the loop is always busy");
		promise(this.last.mean(Second::pauseMillis) > 10, "the process pauses");
	}

	private void blocking() {
		promise(this.utilization > 0.3, "the loops are taken");
		promise(this.loopCpu < this.utilization / 4, "they do not compute");
		promise(this.processCpu < this.utilization / 2, "nobody else does");
	}

	private void promise(boolean kept, String promise) {
		if (!kept) {
			this.unmet.add(String.format(Locale.ROOT,
					"%s: %s, but utilization is %.3f, CPU of the loops %.3f, of the process %.3f, pauses %.0f ms a second",
					this.scenario.name(), promise, this.utilization, this.loopCpu, this.processCpu,
					this.last.mean(Second::pauseMillis)));
		}
	}

}
