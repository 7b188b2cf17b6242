package io.github.eventloop.benchmarks.truth;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import io.github.eventloop.benchmarks.process.ChildProcess;
import io.github.eventloop.benchmarks.process.CpuQuota;

/**
 * A schedule that is run in a separate JVM.
 *
 * @param schedule the schedule
 * @param transport the transport of the loop
 * @param window the window of the snapshots
 */
record Experiment(Schedule schedule, Transport transport, Duration window) {

	/** The CPU quota of the limited process. */
	static final double QUOTA = 0.5;

	/** Snapshots are taken at random times. */
	static final int SNAPSHOTS = 10;

	private static final Duration START = Duration.ofSeconds(30);

	String name() {
		return this.schedule.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + this.transport.label();
	}

	/**
	 * Run the schedule.
	 * @param directory the directory for logs
	 * @return the outcome, or empty if it needs control groups that cannot be written
	 */
	Optional<Outcome> run(Path directory) {
		if (this.schedule != Schedule.QUOTA) {
			try (ChildProcess process = start(List.of(), directory)) {
				return Optional.of(new Outcome(this, comparisons(process), 0));
			}
		}
		List<String> onOneCpu = List.of("taskset", "-c", "0");
		return CpuQuota.create().map((quota) -> {
			try (quota; ChildProcess process = start(concat(quota.prefix(), onOneCpu), directory)) {
				process.await("its warm-up", (log) -> log.contains(ScheduleProgram.WARM), START);
				quota.limit(QUOTA);
				return new Outcome(this, comparisons(process), quota.throttledPeriods());
			}
		});
	}

	private static List<String> concat(List<String> one, List<String> other) {
		return Stream.concat(one.stream(), other.stream()).toList();
	}

	private ChildProcess start(List<String> prefix, Path directory) {
		Path safepoints = directory.resolve(name() + "-safepoints.log");
		List<String> command = new ArrayList<>(prefix);
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Dreactor.netty.ioWorkerCount=1",
				Safepoints.option(safepoints)));
		command.addAll(this.schedule.jvm());
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), ScheduleProgram.class.getName(),
				this.schedule.name(), Boolean.toString(this.transport.isNative()),
				Long.toString(this.window.toSeconds()), Integer.toString(SNAPSHOTS), safepoints.toString()));
		return ChildProcess.start(name(), directory.resolve(name() + ".log"), command);
	}

	private List<Comparison> comparisons(ChildProcess process) {
		Duration timeout = START.plus(this.window.multipliedBy(4));
		String log = process.await("its end", (output) -> output.lines().anyMatch(ScheduleProgram.END::equals),
				timeout);
		return log.lines()
			.filter((line) -> line.startsWith(ScheduleProgram.COMPARISON))
			.map((line) -> Comparison.of(line.substring(ScheduleProgram.COMPARISON.length())))
			.toList();
	}

	/**
	 * The transport of a loop.
	 */
	enum Transport {

		/** The transport of the JDK. */
		NIO,

		/** The native transport of Netty on Linux. */
		EPOLL;

		String label() {
			return name().toLowerCase(Locale.ROOT);
		}

		boolean isNative() {
			return this == EPOLL;
		}

	}

	/**
	 * The outcome of a schedule.
	 *
	 * @param experiment the experiment
	 * @param comparisons one comparison for each snapshot
	 * @param throttledPeriods the number of periods in which the process was throttled
	 */
	record Outcome(Experiment experiment, List<Comparison> comparisons, long throttledPeriods) {

		/** The deviations of all figures in all snapshots. */
		Stream<Deviation> deviations() {
			return this.comparisons.stream()
				.flatMap((comparison) -> Deviation.of(this.experiment.schedule, comparison).stream());
		}

	}

}
