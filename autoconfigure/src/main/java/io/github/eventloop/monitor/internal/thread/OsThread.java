package io.github.eventloop.monitor.internal.thread;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reader of the operating system's thread ids, which Java does not provide.
 */
public final class OsThread {

	public static final long UNKNOWN = -1;

	/** On Linux, a link to {@code PID/task/TID} of the reading thread. */
	private static final Path SELF = Path.of("/proc/thread-self");

	private OsThread() {
	}

	/**
	 * Return the id of the calling thread. Called once per thread, because it makes a
	 * system call.
	 * @return the id, or {@link #UNKNOWN} on systems other than Linux, and for a virtual
	 * thread, which may run on another thread of the system next time
	 */
	public static long currentId() {
		if (VirtualThreads.isVirtual(Thread.currentThread())) {
			return UNKNOWN;
		}
		try {
			return Long.parseLong(Files.readSymbolicLink(SELF).getFileName().toString());
		}
		catch (Exception ex) {
			return UNKNOWN;
		}
	}

}
