package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.netty.channel.epoll.Epoll;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.benchmarks.Run.Targets;
import io.github.eventloop.benchmarks.ScheduleProgram.Comparison;

/**
 * Comparison of the reported figures with the true ones, for known schedules on real
 * loops.
 *
 * @param epoll whether the loop uses the native transport of Netty, instead of NIO
 */
record TruthRun(Schedule schedule, boolean epoll, Duration window) {

	/** Snapshots are taken at random times. */
	static final int SNAPSHOTS = 10;

	private static final Duration START = Duration.ofSeconds(30);

	private static final List<String> FIGURES = List.of("utilization", "p50", "p90", "p99", "max", "pauses");

	/** The window is in seconds. Exits with status 1 if a target is missed. */
	public static void main(String[] arguments) throws IOException {
		Run run = new Run("truth", arguments, "schedule", "window");
		Duration window = Duration.ofSeconds(run.get("window", 10));
		run.say("""
				# Ground truth

				One loop, in a separate JVM for each row. Work is submitted to it at known times, and the program
				records on the loop when each iteration with work began and when Netty had run all tasks of that
				iteration. These intervals determine the true utilization and the true distribution of the lag over
				exactly the window of a snapshot. Pauses of the garbage collector are taken from the JVM's safepoint
				log, those of the quota from a spinning thread. Each row has ten snapshots at random times: the table
				shows the last one, true / reported, and the largest deviations of all ten.

				Targets are a deviation of at most 0.01 for utilization, and of 2 %% or %s ms for lag: %s ms with garbage, because
				collectors report their pauses in whole milliseconds, and %s ms with a quota, which is the resolution at which other
				pauses are detected.

				| schedule | transport | utilization | lag p50, ms | p90 | p99 | max | pauses | largest deviations |
				| --- | --- | --- | --- | --- | --- | --- | --- | --- |""",
				Schedule.SPINS_5.lagMillis(), Schedule.GARBAGE.lagMillis(), Schedule.QUOTA.lagMillis());
		List<TruthRun> all = Stream.of(Schedule.values())
			.flatMap((schedule) -> Stream.of(false, true).map((epoll) -> new TruthRun(schedule, epoll, window)))
			.toList();
		for (TruthRun each : run.choose("schedule", all, TruthRun::name)) {
			each.run(run);
		}
		run.say("""

				What this does not show: the time from the return of the poll to the first task, and from the last task
				to the next poll. It counts as busy in the reported figures, but not in the true ones: some microseconds
				per iteration. I/O events are not part of the schedules.""");
		run.end();
	}

	private String name() {
		return this.schedule.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + transport();
	}

	private String transport() {
		return this.epoll ? "epoll" : "nio";
	}

	private void run(Run run) throws IOException {
		if (this.epoll && !Epoll.isAvailable()) {
			leaveOut(run, "epoll is not available");
			return;
		}
		run.progress("%s: %d s", name(), 2 * this.window.toSeconds() + 5);
		Optional<Outcome> result = run(run.directory());
		if (result.isEmpty()) {
			leaveOut(run, "cannot create a control group");
			return;
		}
		Outcome outcome = result.get();
		List<String> row = new ArrayList<>(List.of(this.schedule.description(), transport()));
		double[] truth = outcome.comparisons().get(SNAPSHOTS - 1).truth().values();
		double[] reported = outcome.comparisons().get(SNAPSHOTS - 1).reported().values();
		List<String> formats = List.of("%.3f / %.3f", "%.2f / %.2f", "%.2f / %.2f", "%.2f / %.2f", "%.2f / %.2f",
				"%.0f / %.0f");
		for (int i = 0; i < formats.size(); i++) {
			row.add(Run.format(formats.get(i), truth[i], reported[i]));
		}
		if (outcome.throttledPeriods() > 0) {
			row.add(row.remove(row.size() - 1) + ", %d periods throttled".formatted(outcome.throttledPeriods()));
		}
		Deviation utilization = outcome.worst((deviation) -> deviation.figure().equals("utilization"));
		Deviation other = outcome.worst((deviation) -> !deviation.figure().equals("utilization"));
		row.add(Run.format("%+.4f, %+.2f ms (%s)", utilization.difference(), other.difference(), other.figure()));
		run.row(row);
		Targets targets = new Targets(name());
		outcome.comparisons()
			.stream()
			.flatMap((comparison) -> deviations(comparison).stream())
			.forEach((deviation) -> targets.check(deviation.isAllowed(), "%s is %.4f, but was reported as %.4f",
					deviation.figure(), deviation.truth(), deviation.reported()));
		run.missed(targets.missed());
		run.keep(name(), Stream.of("true ", "reported ").flatMap((kind) -> FIGURES.stream().map(kind::concat)).toList(),
				outcome.comparisons()
					.stream()
					.map((comparison) -> DoubleStream
						.concat(DoubleStream.of(comparison.truth().values()),
								DoubleStream.of(comparison.reported().values()))
						.toArray())
					.toList());
	}

	private void leaveOut(Run run, String reason) {
		run.say("| %s | %s | left out: %s | | | | | | |", this.schedule.description(), transport(), reason);
	}

	/**
	 * Run the schedule in a separate JVM, unless it needs control groups that cannot be
	 * written.
	 */
	Optional<Outcome> run(Path directory) throws IOException {
		if (this.schedule != Schedule.QUOTA) {
			try (ChildProcess process = start(List.of(), directory)) {
				return Optional.of(new Outcome(this, comparisons(process), 0));
			}
		}
		Optional<CpuQuota> created = CpuQuota.create();
		if (created.isEmpty()) {
			return Optional.empty();
		}
		try (CpuQuota quota = created.get();
				ChildProcess process = start(
						Stream.concat(quota.prefix().stream(), Stream.of("taskset", "-c", "0")).toList(), directory)) {
			process.await(ScheduleProgram.WARM, START);
			quota.limit();
			return Optional.of(new Outcome(this, comparisons(process), quota.throttledPeriods()));
		}
	}

	private ChildProcess start(List<String> prefix, Path directory) {
		Path safepoints = directory.resolve(name() + "-safepoints.log");
		List<String> command = new ArrayList<>(prefix);
		command.addAll(List.of(Program.jdk("java"), "--enable-native-access=ALL-UNNAMED",
				"-Dreactor.netty.ioWorkerCount=1", "-Xlog:safepoint:file=" + safepoints + ":timenanos:filecount=0"));
		command.addAll(this.schedule.jvm());
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), ScheduleProgram.class.getName(),
				this.schedule.name(), Boolean.toString(this.epoll), Long.toString(this.window.toSeconds()),
				Integer.toString(SNAPSHOTS), safepoints.toString()));
		return ChildProcess.start(name(), directory, command);
	}

	private List<Comparison> comparisons(ChildProcess process) {
		process.await("^" + ScheduleProgram.END + "$", START.plus(this.window.multipliedBy(4)));
		return process.output()
			.lines()
			.filter((line) -> line.startsWith("{"))
			.map((line) -> JsonMapper.shared().readValue(line, Comparison.class))
			.toList();
	}

	/** Return the deviations of all figures that the schedule covers. */
	List<Deviation> deviations(Comparison comparison) {
		double[] truth = comparison.truth().values();
		double[] reported = comparison.reported().values();
		return IntStream.range(0, (this.schedule.pauseShare() > 0) ? FIGURES.size() : FIGURES.size() - 1)
			.mapToObj((i) -> new Deviation(FIGURES.get(i), truth[i], reported[i], switch (FIGURES.get(i)) {
				case "utilization" -> 0.01;
				case "pauses" -> this.schedule.pauseShare() * truth[i];
				default -> Math.max(this.schedule.lagMillis(), 0.02 * truth[i]);
			}))
			.toList();
	}

	/**
	 * The outcome of a schedule.
	 *
	 * @param throttledPeriods the number of periods in which the process was throttled
	 */
	record Outcome(TruthRun run, List<Comparison> comparisons, long throttledPeriods) {

		private Deviation worst(Predicate<Deviation> which) {
			return this.comparisons.stream()
				.flatMap((comparison) -> this.run.deviations(comparison).stream())
				.filter(which)
				.max(Comparator.comparingDouble((deviation) -> Math.abs(deviation.difference()) / deviation.allowed()))
				.orElseThrow();
		}

	}

	/**
	 * The difference between the true and the reported value of one figure.
	 */
	record Deviation(String figure, double truth, double reported, double allowed) {

		double difference() {
			return this.reported - this.truth;
		}

		boolean isAllowed() {
			return Math.abs(difference()) <= this.allowed;
		}

	}

}
