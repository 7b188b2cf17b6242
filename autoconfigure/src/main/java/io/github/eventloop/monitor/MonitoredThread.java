package io.github.eventloop.monitor;

/**
 * A thread that runs a {@link MonitoredLoop}. To be asked by the thread itself.
 *
 * @since 0.1.0
 */
public interface MonitoredThread {

	/**
	 * Return what the loop notes about itself.
	 * @return the recorder
	 */
	LoopRecorder recorder();

}
