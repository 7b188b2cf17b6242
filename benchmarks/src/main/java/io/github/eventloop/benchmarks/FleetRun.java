package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.github.eventloop.benchmarks.BalancerRecording.Poll;
import io.github.eventloop.benchmarks.BalancerRun.BalancerScenario.Timeline;
import io.github.eventloop.benchmarks.FleetScenario.FleetColumn;
import io.github.eventloop.benchmarks.Picture.Panel;

/**
 * Benchmark of fleets of real processes behind HAProxy at layer 4, in scenarios of the
 * simulation, and with the settings that it compares.
 */
public final class FleetRun {

	static final List<Integer> SIZES = List.of(3, 5);

	/**
	 * Twice as long as the longest random delay before an instance leaves, and short
	 * enough for all scenarios.
	 */
	static final Timeline DEFAULT = new Timeline(10, 60, 5);

	private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

	private FleetRun() {
	}

	/** Durations are in seconds. */
	public static void main(String[] arguments) throws IOException {
		Run run = new Run("fleet", arguments, "scenario", "column", "instances", "before", "seconds", "after");
		Timeline timeline = new Timeline(seconds(run, "before", DEFAULT.before()),
				seconds(run, "seconds", DEFAULT.lag()), seconds(run, "after", DEFAULT.after()));
		List<FleetScenario> scenarios = run.choose("scenario", Arrays.asList(FleetScenario.values()),
				FleetScenario::label);
		List<FleetColumn> columns = run.choose("column", Arrays.asList(FleetColumn.values()), FleetColumn::label);
		List<Integer> sizes = run.choose("instances", SIZES, String::valueOf);
		run.progress("%d minutes", estimate(timeline, sizes, scenarios.size() * columns.size()).toMinutes() + 1);
		run.say("# Fleets of real processes\n\n" + FleetExperiment.CONDITIONS);
		List<FleetRow> rows = new ArrayList<>();
		for (int size : sizes) {
			head(run, columns);
			List<FleetRow> ofSize = new ArrayList<>();
			for (FleetScenario scenario : scenarios) {
				FleetRow row = row(run, scenario, columns, size, timeline);
				run.row(row.cells());
				run.missed(row.missed());
				ofSize.add(row);
			}
			Files.writeString(run.file("ready-%d.svg".formatted(size)), picture(ofSize, size, timeline).svg());
			rows.addAll(ofSize);
		}
		details(run, rows);
		run.end();
	}

	private static int seconds(Run run, String option, Duration defaultValue) {
		return run.get(option, (int) defaultValue.toSeconds());
	}

	/** Instances share the CPUs while they start. */
	static Duration estimate(Timeline timeline, List<Integer> sizes, int cells) {
		long seconds = 0;
		for (int size : sizes) {
			seconds += cells * (timeline.end().toSeconds() + 5 + 5 * size / 3);
		}
		return Duration.ofSeconds(seconds);
	}

	private static FleetRow row(Run run, FleetScenario scenario, List<FleetColumn> columns, int size, Timeline timeline)
			throws IOException {
		Map<FleetColumn, FleetRecording> recordings = new EnumMap<>(FleetColumn.class);
		for (FleetColumn column : columns) {
			run.progress("%d instances, %s, %s", size, scenario.label(), column.label());
			recordings.put(column, FleetExperiment.run(scenario, column, NAMES.subList(0, size), timeline,
					run.file("%d-%s-%s".formatted(size, scenario.label(), column.label()))));
		}
		return new FleetRow(scenario, size, recordings);
	}

	private static void head(Run run, List<FleetColumn> columns) {
		List<String> head = new ArrayList<>(List.of("scenario", "instances"));
		columns.forEach((column) -> head.add(column.label()));
		run.say("");
		run.row(head);
		run.row(head.stream().map((cell) -> "---").toList());
	}

	private static void details(Run run, List<FleetRow> rows) {
		run.say("""

				| scenario | instances | setting | answered within 1 s | such answers per second of lag | longest without a ready instance | b was out | the client's own lag |
				| --- | --- | --- | --- | --- | --- | --- | --- |""");
		rows.forEach((row) -> row.details().forEach(run::row));
	}

	private static Picture picture(List<FleetRow> rows, int size, Timeline timeline) {
		Panel[] panels = rows.stream().map(FleetRun::panel).toArray(Panel[]::new);
		return new Picture("%d instances: how many are ready, as the balancer sees it".formatted(size), panels)
			.band(timeline.before().toSeconds(), timeline.lagEnd().toSeconds(), "lag");
	}

	private static Panel panel(FleetRow row) {
		Panel panel = Panel.upTo(row.instances(), row.scenario().title());
		row.recordings()
			.forEach((column, recording) -> panel.line(column.label(),
					recording.polls().stream().mapToDouble(Poll::second).toArray(),
					recording.polls().stream().mapToDouble((poll) -> poll.ready().size()).toArray()));
		return panel;
	}

}
