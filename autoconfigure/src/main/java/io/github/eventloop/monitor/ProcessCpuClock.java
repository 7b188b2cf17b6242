package io.github.eventloop.monitor;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.function.LongSupplier;

/**
 * Tells which share of the CPUs the process had since it was asked last.
 * <p>
 * Not thread-safe. Asked by the watching thread, outside of any lock: it asks the
 * operating system.
 */
final class ProcessCpuClock {

	private final OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();

	private final LongSupplier clock;

	private long lastAt;

	private long lastNanos;

	ProcessCpuClock(LongSupplier clock) {
		this.clock = clock;
		this.lastAt = clock.getAsLong();
		this.lastNanos = nanos();
	}

	/**
	 * Return what all threads together had since the last call, those of the JVM
	 * included.
	 * @return the share of all CPUs that the JVM may use, 0..1; 0 where it cannot tell
	 */
	double utilization() {
		long at = this.clock.getAsLong();
		long nanos = nanos();
		double available = (double) (at - this.lastAt) * this.system.getAvailableProcessors();
		boolean known = nanos >= 0 && this.lastNanos >= 0 && available > 0;
		double utilization = known ? (nanos - this.lastNanos) / available : 0;
		this.lastAt = at;
		this.lastNanos = nanos;
		return Math.max(0, Math.min(1, utilization));
	}

	private long nanos() {
		return (this.system instanceof com.sun.management.OperatingSystemMXBean known) ? known.getProcessCpuTime() : -1;
	}

}
