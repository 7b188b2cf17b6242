package io.github.eventloop.blocking;

/**
 * What a thread waits for in a blocking call.
 *
 * @since 0.1.0
 */
public enum BlockingKind {

	/**
	 * For time to pass: {@code Thread.sleep}.
	 */
	SLEEP,

	/**
	 * For another thread or a time-out, as futures, queues and locks of
	 * {@code java.util.concurrent} do.
	 */
	PARK,

	/**
	 * For another thread to leave a {@code synchronized} block.
	 */
	MONITOR_ENTER,

	/**
	 * To be notified: {@code Object.wait}.
	 */
	MONITOR_WAIT,

	/**
	 * For a connection to be established.
	 */
	SOCKET_CONNECT,

	/**
	 * For bytes from a socket.
	 */
	SOCKET_READ,

	/**
	 * For a socket to take bytes.
	 */
	SOCKET_WRITE,

	/**
	 * For bytes from a file, or what looks like one to the JDK, such as a pipe.
	 */
	FILE_READ,

	/**
	 * For a file to take bytes, or to be forced to disk.
	 */
	FILE_WRITE,

	/**
	 * For the operating system to start a process.
	 */
	PROCESS_START,

	/**
	 * For something else that the detector was told to look for.
	 */
	OTHER

}
