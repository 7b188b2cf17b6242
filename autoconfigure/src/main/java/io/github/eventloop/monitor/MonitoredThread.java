package io.github.eventloop.monitor;

/**
 * A thread that runs a {@link MonitoredLoop}. To be asked by the thread itself.
 *
 * @since 0.1.0
 */
public interface MonitoredThread {

	/**
	 * Return the loop.
	 * @return the loop
	 * @throws IllegalStateException if the thread does not run one at present
	 */
	MonitoredLoop loop();

}
