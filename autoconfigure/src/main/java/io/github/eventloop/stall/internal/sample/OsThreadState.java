package io.github.eventloop.stall.internal.sample;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * State of a thread according to the operating system. It shows whether a thread that is
 * runnable for Java needs a CPU or waits in a native method.
 */
public enum OsThreadState {

	/**
	 * Running on a CPU, or waiting for one.
	 */
	RUNNING,

	/**
	 * Waiting for something other than a CPU or a disk.
	 */
	SLEEPING,

	/**
	 * Waiting for a disk, or for a page of memory that is on disk.
	 */
	DISK,

	/**
	 * Not available: the system is not Linux, or the thread has ended.
	 */
	UNKNOWN;

	/**
	 * Return the state of a thread of this process.
	 * @param osThreadId the operating system's id of the thread, or -1
	 * @return the state
	 */
	static OsThreadState of(long osThreadId) {
		if (osThreadId < 0) {
			return UNKNOWN;
		}
		try {
			Path stat = Path.of("/proc/self/task/" + osThreadId + "/stat");
			return parse(new String(Files.readAllBytes(stat), StandardCharsets.ISO_8859_1));
		}
		catch (IOException ex) {
			return UNKNOWN;
		}
	}

	/**
	 * Parse the format of {@code proc(5)}: id, name in parentheses, state.
	 * @param stat the content of a thread's {@code stat}
	 * @return the state
	 */
	static OsThreadState parse(String stat) {
		// The name may contain parentheses too.
		int index = stat.lastIndexOf(')') + 2;
		if (index < 2 || index >= stat.length()) {
			return UNKNOWN;
		}
		return switch (stat.charAt(index)) {
			case 'R' -> RUNNING;
			case 'S', 'I' -> SLEEPING;
			case 'D' -> DISK;
			default -> UNKNOWN;
		};
	}

}
