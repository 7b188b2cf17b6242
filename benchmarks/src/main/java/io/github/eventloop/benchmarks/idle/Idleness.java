package io.github.eventloop.benchmarks.idle;

import java.nio.file.Path;
import java.time.Duration;

import io.github.eventloop.benchmarks.process.Instance;
import io.github.eventloop.benchmarks.process.Pause;
import io.github.eventloop.benchmarks.process.Threads;

/**
 * Wake-ups and CPU time of an idle application.
 *
 * @param wakeUpsOfLoops wake-ups of all loops together, per second
 * @param wakeUpsOfMonitor wake-ups of the monitor thread
 * @param wakeUps wake-ups of all threads, including those of the JVM
 * @param cpuOfMonitor CPU time of the monitor thread, in percent of one core
 * @param cpu CPU time of all threads
 */
record Idleness(double wakeUpsOfLoops, double wakeUpsOfMonitor, double wakeUps, double cpuOfMonitor, double cpu) {

	/** Time for late starters such as the compiler threads. */
	static final Duration SETTLING = Duration.ofSeconds(15);

	static Idleness of(Variant variant, int loops, Duration settling, Duration duration, Path directory) {
		String name = variant.label() + "-" + loops;
		try (Instance instance = variant.application(loops).start(name, directory)) {
			Pause.of(settling);
			Threads threads = instance.process().threads();
			Idleness before = soFar(threads);
			long start = System.nanoTime();
			Pause.of(duration);
			Idleness after = soFar(threads);
			return after.since(before, (System.nanoTime() - start) / 1e9);
		}
	}

	private static Idleness soFar(Threads threads) {
		return new Idleness(threads.wakeUps(Idleness::isLoop), threads.wakeUps(Idleness::isMonitor),
				threads.wakeUps((name) -> true), threads.cpu(Idleness::isMonitor).toNanos() / 1e7,
				threads.cpu((name) -> true).toNanos() / 1e7);
	}

	private static boolean isLoop(String name) {
		return name.startsWith("reactor-http-") || name.startsWith(IdleApplication.EXTERNAL_LOOPS);
	}

	private static boolean isMonitor(String name) {
		return name.startsWith("eventloop-monit");
	}

	private Idleness since(Idleness before, double seconds) {
		return new Idleness((this.wakeUpsOfLoops - before.wakeUpsOfLoops) / seconds,
				(this.wakeUpsOfMonitor - before.wakeUpsOfMonitor) / seconds, (this.wakeUps - before.wakeUps) / seconds,
				(this.cpuOfMonitor - before.cpuOfMonitor) / seconds, (this.cpu - before.cpu) / seconds);
	}

}
