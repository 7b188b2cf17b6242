package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import io.netty.channel.EventLoop;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.benchmarks.Truth.Figures;
import io.github.eventloop.benchmarks.Truth.Interval;
import io.github.eventloop.benchmarks.Truth.WorkLog;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.Lag;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.netty.Placement;
import io.github.eventloop.netty.internal.GlobalLoopResources;

/**
 * A program that runs a schedule on a loop that is created and monitored as by the
 * auto-configuration, takes snapshots at random times, and prints the reported and the
 * true figures.
 */
public final class ScheduleProgram {

	static final String WARM = "warm";

	static final String END = "end";

	private static final Duration WARM_UP = Duration.ofSeconds(2);

	/** Time for the parent process to limit this one once it is warm. */
	private static final Duration REST = Duration.ofSeconds(1);

	/**
	 * A snapshot that takes longer is repeated, because its thread may have lost the CPU.
	 */
	private static final long LONGEST_SNAPSHOT_NANOS = 500_000;

	private static final double NANOS_PER_MILLI = 1e6;

	/** Written when the threads resume. */
	private static final Pattern SAFEPOINT = Pattern.compile("\\[(\\d+)ns] Safepoint .*Total:\\s+(\\d+) ns");

	/** Collectors report their pauses in whole milliseconds. */
	private static final long SHORTEST_SAFEPOINT_NANOS = 1_000_000;

	private ScheduleProgram() {
	}

	/**
	 * Arguments are the schedule; whether to use the native transport; the window in
	 * seconds; the number of snapshots; the safepoint log of the JVM.
	 */
	public static void main(String[] arguments) throws IOException {
		Schedule schedule = Schedule.valueOf(arguments[0]);
		Duration window = Duration.ofSeconds(Integer.parseInt(arguments[2]));
		EventLoop loop = GlobalLoopResources.install(false, Placement.ROUND_ROBIN)
			.onServer(Boolean.parseBoolean(arguments[1]))
			.next();
		run(schedule, new WorkLog(loop), new ArrayList<>(), () -> Pause.of(WARM_UP));
		System.out.println(WARM);
		Pause.of(REST);
		MonitorSettings defaults = MonitorSettings.DEFAULT;
		try (EventLoopMonitor monitor = new EventLoopMonitor(
				new MonitorSettings(window, defaults.history(), defaults.stallThreshold()))) {
			monitor.addSource(GlobalLoopResources::loops);
			monitor.start();
			WorkLog workLog = new WorkLog(loop);
			List<Interval> pauses = new CopyOnWriteArrayList<>();
			List<EventLoopSnapshot> snapshots = new ArrayList<>();
			run(schedule, workLog, pauses,
					() -> takeSnapshots(monitor, window, Integer.parseInt(arguments[3]), snapshots::add));
			boolean collects = schedule == Schedule.GARBAGE;
			Truth truth = workLog.close(collects ? safepoints(Path.of(arguments[4])) : pauses);
			snapshots.forEach(
					(snapshot) -> System.out.println(JsonMapper.shared().writeValueAsString(compare(snapshot, truth))));
		}
		System.out.println(END);
		System.exit(0);
	}

	private static void run(Schedule schedule, WorkLog workLog, List<Interval> pauses, Runnable meanwhile) {
		AtomicBoolean running = new AtomicBoolean(true);
		Thread companion = new Thread(() -> schedule.runCompanion(running::get, pauses), "companion");
		Thread runner = new Thread(() -> schedule.run(workLog, running::get), "runner");
		companion.start();
		runner.start();
		meanwhile.run();
		running.set(false);
		try {
			companion.join();
			runner.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException("Interrupted", ex);
		}
	}

	/**
	 * Wait until the window is full, and take snapshots at random times within another
	 * window.
	 */
	private static void takeSnapshots(EventLoopMonitor monitor, Duration window, int number,
			Consumer<EventLoopSnapshot> snapshots) {
		Pause.of(window);
		Random random = new Random();
		for (int i = 0; i < number; i++) {
			Pause.of(Duration.ofMillis(Math.round(2 * random.nextDouble() * window.toMillis() / number)));
			long before = System.nanoTime();
			EventLoopSnapshot snapshot = monitor.snapshot();
			while (System.nanoTime() - before > LONGEST_SNAPSHOT_NANOS) {
				before = System.nanoTime();
				snapshot = monitor.snapshot();
			}
			snapshots.accept(snapshot);
		}
	}

	private static Comparison compare(EventLoopSnapshot snapshot, Truth truth) {
		// All loops except the one in use are never started.
		LoopSnapshot loop = snapshot.loops()
			.stream()
			.filter((candidate) -> candidate.state() != LoopState.NOT_STARTED)
			.findFirst()
			.orElseThrow();
		Lag lag = loop.lag();
		Figures reported = new Figures(loop.utilization(), lag.p50Nanos() / NANOS_PER_MILLI,
				lag.p90Nanos() / NANOS_PER_MILLI, lag.p99Nanos() / NANOS_PER_MILLI, lag.maxNanos() / NANOS_PER_MILLI,
				snapshot.pause().totalNanos() / NANOS_PER_MILLI);
		return new Comparison(
				truth.during(new Interval(snapshot.nanoTime() - snapshot.window().toNanos(), snapshot.nanoTime())),
				reported);
	}

	/**
	 * Return the times at which the JVM stopped all its threads, from its safepoint log,
	 * whose clock is that of {@link System#nanoTime()}.
	 */
	static List<Interval> safepoints(Path log) throws IOException {
		return SAFEPOINT.matcher(Files.readString(log)).results().map((line) -> {
			long end = Long.parseLong(line.group(1));
			return new Interval(end - Long.parseLong(line.group(2)), end);
		}).filter((interval) -> interval.nanos() >= SHORTEST_SAFEPOINT_NANOS).toList();
	}

	/** The true and the reported figures of a loop, over the window of one snapshot. */
	record Comparison(Figures truth, Figures reported) {
	}

}
