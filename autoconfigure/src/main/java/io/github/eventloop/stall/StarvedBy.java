package io.github.eventloop.stall;

import org.jspecify.annotations.Nullable;

/**
 * The reasons why a runnable thread gets no CPU.
 */
final class StarvedBy {

	/** Shorter waits for a CPU are normal on a busy machine and not reported. */
	static final long MIN_REPORTED_NANOS = 10_000_000;

	static final String CPU_LIMIT = "CPU limit";

	static final String OWN_THREADS = "other threads of this process";

	static final String OTHER_PROCESSES = "other processes";

	private StarvedBy() {
	}

	/**
	 * Return what kept a thread of this process from a CPU.
	 * @param usage the usage of the process in that time
	 * @param nanos the time
	 * @return the reason, or {@code null} if it is not known
	 */
	static @Nullable String of(ProcessUsage usage, long nanos) {
		return of(usage, nanos, Runtime.getRuntime().availableProcessors());
	}

	static @Nullable String of(ProcessUsage usage, long nanos, int processors) {
		if (usage.throttledNanos() > 0) {
			return CPU_LIMIT;
		}
		if (usage.cpuNanos() < 0) {
			return null;
		}
		return (usage.cpuNanos() > nanos * processors / 2) ? OWN_THREADS : OTHER_PROCESSES;
	}

}
