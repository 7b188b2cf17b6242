package io.github.eventloop.monitor.internal.thread;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Reader of the CPU time of threads. Thread-safe.
 */
public final class ThreadCpuClock {

	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	private final boolean supported = this.threads.isThreadCpuTimeSupported() && this.threads.isThreadCpuTimeEnabled();

	/**
	 * Return the CPU time of a thread.
	 * @param thread the thread
	 * @return the time in nanoseconds since the thread started, or -1 if it has ended or
	 * is virtual, or the JVM does not support it
	 */
	@SuppressWarnings("deprecation") // threadId() came with JDK 19
	public long nanosOf(Thread thread) {
		return this.supported ? this.threads.getThreadCpuTime(thread.getId()) : -1;
	}

}
