package io.github.eventloop.stall.internal.cause;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.internal.sample.ProcessUsage;

/**
 * The reasons why a runnable thread gets no CPU.
 */
public final class StarvedBy {

	/** Shorter waits for a CPU are normal on a busy machine and not reported. */
	public static final long MIN_REPORTED_NANOS = 10_000_000;

	public static final String CPU_LIMIT = "CPU limit";

	public static final String OWN_THREADS = "other threads of this process";

	public static final String OTHER_PROCESSES = "other processes";

	private StarvedBy() {
	}

	/**
	 * Return what kept a thread of this process from a CPU.
	 * @param usage the usage of the process in that time
	 * @param nanos the time
	 * @return the reason, or {@code null} if it is not known
	 */
	public static @Nullable String of(ProcessUsage usage, long nanos) {
		return of(usage, nanos, Runtime.getRuntime().availableProcessors());
	}

	public static @Nullable String of(ProcessUsage usage, long nanos, int processors) {
		if (usage.throttledNanos() > 0) {
			return CPU_LIMIT;
		}
		if (usage.cpuNanos() < 0) {
			return null;
		}
		return (usage.cpuNanos() > nanos * processors / 2) ? OWN_THREADS : OTHER_PROCESSES;
	}

}
