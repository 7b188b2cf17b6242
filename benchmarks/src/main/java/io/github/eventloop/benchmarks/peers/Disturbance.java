package io.github.eventloop.benchmarks.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;

/**
 * A single disturbance of a loop.
 */
enum Disturbance {

	/** A stall that only users notice. */
	STALL_50("a stall of 50 ms", 50),

	/** An ordinary stall. */
	STALL_500("of 500 ms", 500),

	/** A stall such as a call without a timeout causes. */
	STALL_5000("of 5 s", 5_000),

	/** A long iteration in which no single task is long. */
	FLOOD("5,000 tasks of 0.1 ms at once", 500),

	/**
	 * A pause of the whole process: nothing blocks the loop, but all timers fire late.
	 */
	PAUSE("the process is stopped for 1 s", 1_000);

	private final String title;

	private final long millis;

	Disturbance(String title, long millis) {
		this.title = title;
		this.millis = millis;
	}

	/**
	 * Return the title of its column.
	 */
	String title() {
		return this.title;
	}

	long millis() {
		return this.millis;
	}

	/**
	 * Return its name in the programs of the peers.
	 */
	String label() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Start the disturbance.
	 */
	void begin(Executor loop) {
		switch (this) {
			case FLOOD -> {
				for (int i = 0; i < 5_000; i++) {
					loop.execute(() -> block(100_000));
				}
			}
			case PAUSE -> stopThisProcess();
			default -> loop.execute(() -> block(this.millis * 1_000_000));
		}
	}

	private static void block(long nanos) {
		long end = System.nanoTime() + nanos;
		while (System.nanoTime() - end < 0) {
			Thread.onSpinWait();
		}
	}

	/** A child process survives the stop, and resumes this one. */
	private static void stopThisProcess() {
		long pid = ProcessHandle.current().pid();
		try {
			new ProcessBuilder(List.of("sh", "-c", "kill -STOP %1$d; sleep 1; kill -CONT %1$d".formatted(pid))).start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
