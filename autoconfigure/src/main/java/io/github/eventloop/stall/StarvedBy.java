package io.github.eventloop.stall;

import org.jspecify.annotations.Nullable;

/**
 * Tells what kept the CPUs from a thread that was ready to run.
 */
final class StarvedBy {

	/** Any busy machine lets a thread wait for so long. */
	static final long LEAST_NANOS = 10_000_000;

	static final String CPU_LIMIT = "CPU limit";

	static final String OWN_THREADS = "other threads of this process";

	static final String OTHER_PROCESSES = "other processes";

	private StarvedBy() {
	}

	/**
	 * Return what kept the CPUs from a thread of this process.
	 * @param usage what the process used in that time
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
