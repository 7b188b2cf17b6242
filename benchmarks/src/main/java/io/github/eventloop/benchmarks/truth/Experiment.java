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
 * A schedule that is played in a JVM of its own.
 *
 * @param schedule the schedule
 * @param transport how the loop talks to the operating system
 * @param window the window that is looked at
 */
record Experiment(Schedule schedule, Transport transport, Duration window) {

	/** So much of a CPU has the process that is limited. */
	static final double QUOTA = 0.5;

	/** At random instants. */
	static final int LOOKS = 10;

	private static final Duration START = Duration.ofSeconds(30);

	String name() {
		return this.schedule.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + this.transport.label();
	}

	/**
	 * Play it.
	 * @param directory where to write logs to
	 * @return what came out, or empty if it needs control groups that cannot be written
	 */
	Optional<Outcome> play(Path directory) {
		if (this.schedule != Schedule.QUOTA) {
			try (ChildProcess process = start(List.of(), directory)) {
				return Optional.of(new Outcome(this, looks(process), 0));
			}
		}
		List<String> onOneCpu = List.of("taskset", "-c", "0");
		return CpuQuota.create().map((quota) -> {
			try (quota; ChildProcess process = start(concat(quota.prefix(), onOneCpu), directory)) {
				process.await("its warm-up", (log) -> log.contains(ScheduleProgram.WARM), START);
				quota.limit(QUOTA);
				return new Outcome(this, looks(process), quota.throttledPeriods());
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
				Long.toString(this.window.toSeconds()), Integer.toString(LOOKS), safepoints.toString()));
		return ChildProcess.start(name(), directory.resolve(name() + ".log"), command);
	}

	private List<Look> looks(ChildProcess process) {
		Duration most = START.plus(this.window.multipliedBy(4));
		String log = process.await("its end", (output) -> output.lines().anyMatch(ScheduleProgram.END::equals), most);
		return log.lines()
			.filter((line) -> line.startsWith(ScheduleProgram.LOOK))
			.map((line) -> Look.of(line.substring(ScheduleProgram.LOOK.length())))
			.toList();
	}

	/**
	 * How a loop talks to the operating system.
	 */
	enum Transport {

		/** That of the JDK. */
		NIO,

		/** Linux's own, where Netty has it. */
		EPOLL;

		String label() {
			return name().toLowerCase(Locale.ROOT);
		}

		boolean isNative() {
			return this == EPOLL;
		}

	}

	/**
	 * What came out.
	 *
	 * @param experiment what was played
	 * @param looks what was seen, look by look
	 * @param throttledPeriods how many periods of its quota the process had used up
	 */
	record Outcome(Experiment experiment, List<Look> looks, long throttledPeriods) {

		/** All figures of all looks beside what is true. */
		Stream<Deviation> deviations() {
			return this.looks.stream().flatMap((look) -> Deviation.of(this.experiment.schedule, look).stream());
		}

	}

}
