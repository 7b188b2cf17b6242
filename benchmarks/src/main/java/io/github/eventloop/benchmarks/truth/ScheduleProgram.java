package io.github.eventloop.benchmarks.truth;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.netty.channel.EventLoop;

import io.github.eventloop.benchmarks.process.Pause;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.netty.GlobalLoopResources;
import io.github.eventloop.netty.Placement;

/**
 * Plays a schedule on a loop that is made and monitored as the auto-configuration does
 * it, looks at it at random instants, and writes what was reported and what was true.
 */
public final class ScheduleProgram {

	static final String WARM = "warm";

	static final String END = "end";

	static final String LOOK = "look ";

	private static final Duration WARM_UP = Duration.ofSeconds(2);

	/** For whoever waits for the program to be warm, to limit it. */
	private static final Duration REST = Duration.ofSeconds(1);

	/** Who looks should not have lost its CPU meanwhile. */
	private static final long LONGEST_LOOK_NANOS = 500_000;

	private ScheduleProgram() {
	}

	/**
	 * Run it.
	 * @param arguments the schedule; whether to use the native transport; seconds of the
	 * window; number of looks; file with the JVM's log of safepoints
	 */
	public static void main(String[] arguments) {
		Schedule schedule = Schedule.valueOf(arguments[0]);
		Duration window = Duration.ofSeconds(Integer.parseInt(arguments[2]));
		EventLoop loop = GlobalLoopResources.install(false, Placement.ROUND_ROBIN)
			.onServer(Boolean.parseBoolean(arguments[1]))
			.next();
		play(schedule, new Diary(loop), new ArrayList<>(), () -> Pause.of(WARM_UP));
		System.out.println(WARM);
		Pause.of(REST);
		MonitorSettings defaults = MonitorSettings.DEFAULT;
		try (EventLoopMonitor monitor = new EventLoopMonitor(
				new MonitorSettings(window, defaults.history(), defaults.stallThreshold()))) {
			monitor.watch(GlobalLoopResources::loops);
			monitor.start();
			Diary diary = new Diary(loop);
			List<Interval> pauses = new CopyOnWriteArrayList<>();
			List<EventLoopSnapshot> snapshots = new ArrayList<>();
			play(schedule, diary, pauses, () -> look(monitor, window, Integer.parseInt(arguments[3]), snapshots::add));
			boolean collects = schedule == Schedule.GARBAGE;
			Truth truth = diary.close(collects ? Safepoints.read(Path.of(arguments[4])) : pauses);
			snapshots.forEach((snapshot) -> System.out.println(LOOK + look(snapshot, truth).toLine()));
		}
		System.out.println(END);
		System.exit(0);
	}

	private static void play(Schedule schedule, Diary diary, List<Interval> pauses, Runnable meanwhile) {
		AtomicBoolean goesOn = new AtomicBoolean(true);
		Thread companion = new Thread(schedule.companion(goesOn::get, pauses), "companion");
		Thread player = new Thread(() -> schedule.play(diary, goesOn::get), "player");
		companion.start();
		player.start();
		meanwhile.run();
		goesOn.set(false);
		try {
			companion.join();
			player.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException("Interrupted", ex);
		}
	}

	/**
	 * Look at random instants of a time as long as the window, once that is full.
	 */
	private static void look(EventLoopMonitor monitor, Duration window, int looks,
			Consumer<EventLoopSnapshot> snapshots) {
		Pause.of(window);
		Random random = new Random();
		for (int i = 0; i < looks; i++) {
			Pause.of(Duration.ofMillis(Math.round(2 * random.nextDouble() * window.toMillis() / looks)));
			long before = System.nanoTime();
			EventLoopSnapshot snapshot = monitor.snapshot();
			while (System.nanoTime() - before > LONGEST_LOOK_NANOS) {
				before = System.nanoTime();
				snapshot = monitor.snapshot();
			}
			snapshots.accept(snapshot);
		}
	}

	private static Look look(EventLoopSnapshot snapshot, Truth truth) {
		// All but the one loop that was played on have never started.
		LoopSnapshot loop = snapshot.loops()
			.stream()
			.filter((candidate) -> candidate.state() != LoopState.NOT_STARTED)
			.findFirst()
			.orElseThrow();
		Interval time = new Interval(snapshot.nanoTime() - snapshot.window().toNanos(), snapshot.nanoTime());
		return new Look(truth.during(time), Figures.of(loop, snapshot.pause()));
	}

}
