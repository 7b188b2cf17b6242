package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.util.Map;

/**
 * Waits for the threads of schedulers. Separate from the metrics that measure them, which
 * require Micrometer.
 */
@FunctionalInterface
interface WorkerWaits {

	/**
	 * Return how long a task has been waiting for a thread.
	 * @return the time, 0 if none waits, by the name of the scheduler
	 */
	Map<String, Duration> read();

}
