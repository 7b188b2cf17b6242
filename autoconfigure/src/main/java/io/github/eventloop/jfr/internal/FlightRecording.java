package io.github.eventloop.jfr.internal;

import jdk.jfr.FlightRecorder;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.StallListener;

/**
 * Emits events of JDK Flight Recorder: {@code io.github.eventloop.Stall} for every stall
 * that has ended, and {@code io.github.eventloop.Slice} for every second of every loop.
 * While no recording has these events enabled, it only checks whether one has. If there
 * has never been a recording, it does not even load the classes of the events, as these
 * load most of the recorder.
 * <p>
 * Needs the module {@code jdk.jfr}. Thread-safe. Events are committed on the monitor
 * thread, never on an event loop thread.
 */
public final class FlightRecording implements AutoCloseable {

	private final EventLoopMonitor monitor;

	private final StallDetector detector;

	private final EventLoopListener secondListener = new EventLoopListener() {

		@Override
		public void onSecond(EventLoopSecond second) {
			if (FlightRecorder.isInitialized()) {
				SliceEvent.commit(second);
			}
		}

	};

	private final StallListener stallListener = new StallListener() {

		@Override
		public void onStallEnded(Stall stall) {
			if (FlightRecorder.isInitialized()) {
				StallEvent.commit(stall);
			}
		}

	};

	/**
	 * Create a recording of a monitor and its stall detector. It has no effect until
	 * {@link #start()}.
	 * @param monitor the monitor, whose seconds are recorded
	 * @param detector the detector, whose stalls are recorded
	 */
	public FlightRecording(EventLoopMonitor monitor, StallDetector detector) {
		this.monitor = monitor;
		this.detector = detector;
	}

	/**
	 * Start to emit events.
	 */
	public void start() {
		this.monitor.addListener(this.secondListener);
		this.detector.addListener(this.stallListener);
	}

	/**
	 * Stop emitting events.
	 */
	@Override
	public void close() {
		this.monitor.removeListener(this.secondListener);
		this.detector.removeListener(this.stallListener);
	}

}
