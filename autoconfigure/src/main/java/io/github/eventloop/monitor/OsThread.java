package io.github.eventloop.monitor;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells what the operating system calls a thread, which Java does not.
 */
final class OsThread {

	static final long UNKNOWN = -1;

	/** On Linux, a link to {@code PID/task/TID} of whoever reads it. */
	private static final Path SELF = Path.of("/proc/thread-self");

	private OsThread() {
	}

	/**
	 * Return the number of the calling thread: once a thread, for it asks the system.
	 * @return the number, or {@link #UNKNOWN} on other systems than Linux
	 */
	static long currentId() {
		try {
			return Long.parseLong(Files.readSymbolicLink(SELF).getFileName().toString());
		}
		catch (Exception ex) {
			return UNKNOWN;
		}
	}

}
