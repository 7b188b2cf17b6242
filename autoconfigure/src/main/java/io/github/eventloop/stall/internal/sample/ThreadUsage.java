package io.github.eventloop.stall.internal.sample;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The CPU time of a thread, and the time that it was ready to run but waited for a CPU,
 * both since the start of the thread.
 *
 * @param cpuNanos the CPU time, or -1 if the JVM does not report it
 * @param queuedNanos the time in the run queue of a CPU, including throttling by a CPU
 * limit; -1 if the operating system does not report it
 */
public record ThreadUsage(long cpuNanos, long queuedNanos) {

	/** Three numbers of up to 20 digits, and as many separators. */
	private static final int LONGEST_SCHEDSTAT = 64;

	public static final ThreadUsage UNKNOWN = new ThreadUsage(-1, -1);

	/**
	 * Return the usage of the thread at its start.
	 * @return zero for the values that are known, -1 for the others
	 */
	public ThreadUsage zero() {
		return new ThreadUsage(Math.min(0, this.cpuNanos), Math.min(0, this.queuedNanos));
	}

	/**
	 * Read how long a thread of this process waited for a CPU, as accounted by Linux.
	 * @param osThreadId the operating system's id of the thread, or -1
	 * @return the time in nanoseconds, or -1 if it is not reported
	 */
	static long queuedNanosOf(long osThreadId) {
		if (osThreadId < 0) {
			return -1;
		}
		// Not with Files, which takes more than twice as long.
		try (InputStream schedstat = new FileInputStream("/proc/self/task/" + osThreadId + "/schedstat")) {
			byte[] content = new byte[LONGEST_SCHEDSTAT];
			int length = Math.max(0, schedstat.read(content));
			return parse(new String(content, 0, length, StandardCharsets.ISO_8859_1));
		}
		catch (IOException ex) {
			return -1;
		}
	}

	/**
	 * Parse a {@code schedstat}: time on a CPU, time in a run queue, number of time
	 * slices.
	 * @param schedstat the content of the file
	 * @return the second number, or -1 if there is none
	 */
	public static long parse(String schedstat) {
		String[] fields = schedstat.trim().split(" ", -1);
		try {
			return (fields.length == 3) ? Long.parseLong(fields[1]) : -1;
		}
		catch (NumberFormatException ex) {
			return -1;
		}
	}

}
