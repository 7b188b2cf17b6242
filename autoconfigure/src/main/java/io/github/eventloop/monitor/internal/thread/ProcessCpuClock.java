package io.github.eventloop.monitor.internal.thread;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.function.LongSupplier;

/**
 * Meter of the share of the available CPUs that the process uses.
 * <p>
 * Not thread-safe. Called by the monitor thread outside of any lock, because it makes
 * system calls.
 */
public final class ProcessCpuClock {

	private static final long PROCESSORS_MAX_AGE_NANOS = 10_000_000_000L;

	private final OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();

	private final LongSupplier clock;

	private long lastAt;

	private long lastNanos;

	private int processors;

	private long processorsReadAt;

	public ProcessCpuClock(LongSupplier clock) {
		this.clock = clock;
		this.lastAt = clock.getAsLong();
		this.lastNanos = nanos();
	}

	/**
	 * Return the CPU utilization since the last call, including all threads of the JVM.
	 * @return the share of all CPUs available to the JVM, 0..1; 0 if it does not support
	 * it
	 */
	public double utilization() {
		long at = this.clock.getAsLong();
		long nanos = nanos();
		double available = (double) (at - this.lastAt) * processors(at);
		boolean known = nanos >= 0 && this.lastNanos >= 0 && available > 0;
		double utilization = known ? (nanos - this.lastNanos) / available : 0;
		this.lastAt = at;
		this.lastNanos = nanos;
		return Math.max(0, Math.min(1, utilization));
	}

	/** The number may change, but the JVM reads files to determine it. */
	private int processors(long at) {
		if (this.processors == 0 || at - this.processorsReadAt >= PROCESSORS_MAX_AGE_NANOS) {
			this.processors = this.system.getAvailableProcessors();
			this.processorsReadAt = at;
		}
		return this.processors;
	}

	private long nanos() {
		return (this.system instanceof com.sun.management.OperatingSystemMXBean known) ? known.getProcessCpuTime() : -1;
	}

}
