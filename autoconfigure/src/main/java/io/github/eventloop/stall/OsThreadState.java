package io.github.eventloop.stall;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the operating system knows of a thread and Java does not: whether one that Java
 * calls runnable wants a CPU.
 */
enum OsThreadState {

	/**
	 * Has a CPU or wants one.
	 */
	RUNNING,

	/**
	 * Waits for something.
	 */
	SLEEPING,

	/**
	 * Waits for a disk, or for a page of memory that is on one.
	 */
	DISK,

	/**
	 * Nobody can tell: not Linux, or the thread has ended.
	 */
	UNKNOWN;

	/**
	 * Ask for the state of a thread of this process.
	 * @param osThreadId what the operating system calls it, or -1
	 * @return its state
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
	 * Parse what {@code proc(5)} describes: number, name in parentheses, state.
	 * @param stat the content of a thread's {@code stat}
	 * @return the state
	 */
	static OsThreadState parse(String stat) {
		// The name may hold parentheses too.
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
