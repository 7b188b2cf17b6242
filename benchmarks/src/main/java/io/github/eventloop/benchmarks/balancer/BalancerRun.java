package io.github.eventloop.benchmarks.balancer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;

/**
 * Benchmark of three instances of the sample behind HAProxy at layer 4, as behind a
 * Kubernetes Service. First one of them lags, then all.
 */
public final class BalancerRun {

	private final Options options;

	private final Output output;

	private final List<String> unmet = new ArrayList<>();

	private BalancerRun(Options options) {
		this.options = options;
		this.output = Output.of("balancer", options);
	}

	/**
	 * Run the benchmark. Exits with status 1 if a target is missed.
	 * @param arguments {@code --scenario=} prefix of the names of the scenarios to run;
	 * {@code --before=}, {@code --lag=}, {@code --after=} in seconds;
	 * {@code --management-port} to probe a separate management port
	 */
	public static void main(String[] arguments) {
		BalancerRun run = new BalancerRun(
				Options.of(arguments, "scenario", "before", "lag", "after", "management-port"));
		run.run();
		System.exit(run.unmet.isEmpty() ? 0 : 1);
	}

	private void run() {
		List<Scenario> one = chosen(Scenario.one(timeline(20, 40, 40)));
		List<Scenario> all = chosen(Scenario.all(timeline(15, 80, 30)));
		if (one.isEmpty() && all.isEmpty()) {
			throw new IllegalArgumentException(("No scenario name starts with '%s'. Available scenarios: "
					+ "one-closing, one-ready, one-off, all-probation, all-open and all-out")
				.formatted(this.options.get("scenario", "")));
		}
		this.output.say("# Behind a balancer\n\n" + Experiment.CONDITIONS);
		run("One of three instances lags", Report.oneHead(), one, Report::one);
		run("All instances lag", Report.allHead(), all, Report::all);
		this.output.say(this.unmet.isEmpty() ? "\nAll targets met." : "\nTargets missed:\n");
		this.unmet.forEach((line) -> this.output.say("- " + line));
	}

	private List<Scenario> chosen(List<Scenario> scenarios) {
		String prefix = this.options.get("scenario", "");
		return scenarios.stream().filter((scenario) -> scenario.name().startsWith(prefix)).toList();
	}

	private void run(String title, String head, List<Scenario> scenarios, Function<Report, String> row) {
		if (!scenarios.isEmpty()) {
			this.output.say("\n## " + title + "\n\n" + head);
		}
		for (Scenario scenario : scenarios) {
			this.output.progress("%s: three instances start, then %d s".formatted(scenario.name(),
					scenario.timeline().end().toSeconds()));
			Path logs = this.output.directory().resolve(scenario.name());
			Recording recording = Experiment.run(scenario, this.options.has("management-port"), logs);
			Report report = new Report(recording);
			report.keep(this.output);
			this.output.say(row.apply(report));
			this.unmet.addAll(Targets.unmet(recording));
		}
	}

	private Timeline timeline(int before, int lag, int after) {
		return new Timeline(seconds("before", before), seconds("lag", lag), seconds("after", after));
	}

	private Duration seconds(String name, int defaultValue) {
		return Duration.ofSeconds(this.options.number(name, defaultValue));
	}

}
