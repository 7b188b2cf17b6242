package io.github.eventloop.benchmarks.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;

/**
 * What happens to a loop, once.
 */
enum Disturbance {

	/** Nobody notices it but users. */
	STALL_50("a stall of 50 ms", 50),

	/** The ordinary one. */
	STALL_500("of 500 ms", 500),

	/** As of a call without a timeout. */
	STALL_5000("of 5 s", 5_000),

	/** Long, without anything in it being long. */
	FLOOD("5,000 tasks of 0.1 ms at once", 500),

	/** Nothing happens to the loop, but all its timers are late. */
	PAUSE("the process is stopped for 1 s", 1_000);

	private final String title;

	private final long millis;

	Disturbance(String title, long millis) {
		this.title = title;
		this.millis = millis;
	}

	/**
	 * Return what stands above its column.
	 */
	String title() {
		return this.title;
	}

	long millis() {
		return this.millis;
	}

	/**
	 * Return what the programs of the peers call it.
	 */
	String label() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Begin with it.
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

	/** The other process lives on, to let this one continue. */
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
