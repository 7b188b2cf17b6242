package io.github.eventloop.blocking;

/**
 * What a thread waits for in a blocking call.
 *
 * @since 0.1.0
 */
public enum BlockingKind {

	/**
	 * Waits for time to pass, with {@code Thread.sleep}.
	 */
	SLEEP,

	/**
	 * Waits for another thread or a time-out, as futures, queues and locks of
	 * {@code java.util.concurrent} do.
	 */
	PARK,

	/**
	 * Waits for another thread to leave a {@code synchronized} block.
	 */
	MONITOR_ENTER,

	/**
	 * Waits to be notified, with {@code Object.wait}.
	 */
	MONITOR_WAIT,

	/**
	 * Waits for a connection to be established.
	 */
	SOCKET_CONNECT,

	/**
	 * Waits for bytes from a socket.
	 */
	SOCKET_READ,

	/**
	 * Waits for a socket to accept bytes.
	 */
	SOCKET_WRITE,

	/**
	 * Waits for bytes from a file, or from what the JDK treats as one, such as a pipe.
	 */
	FILE_READ,

	/**
	 * Waits for a file to accept bytes, or to be forced to disk.
	 */
	FILE_WRITE,

	/**
	 * Waits for the operating system to start a process.
	 */
	PROCESS_START,

	/**
	 * Waits for something else that the detector is configured to detect.
	 */
	OTHER

}
