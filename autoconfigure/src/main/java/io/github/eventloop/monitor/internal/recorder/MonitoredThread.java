package io.github.eventloop.monitor.internal.recorder;

import io.github.eventloop.monitor.MonitoredLoop;

/**
 * A thread that runs a {@link MonitoredLoop}. Its methods are called by the thread
 * itself.
 */
public interface MonitoredThread {

	/**
	 * Return the loop.
	 * @return the loop
	 * @throws IllegalStateException if the thread does not currently run a loop
	 */
	MonitoredLoop loop();

	/**
	 * Return the recorder of the loop, for code that the loop executes.
	 * @return the recorder
	 * @throws IllegalStateException if the thread does not currently run a loop
	 */
	LoopRecorder recorder();

}
