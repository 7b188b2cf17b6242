package io.github.eventloop.recording;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallListener;
import io.github.eventloop.stall.StallWatch;

/**
 * Writes every stall that has ended, and every second of every loop, into the recordings
 * of JDK Flight Recorder that run at the time, as {@code io.github.eventloop.Stall} and
 * {@code io.github.eventloop.Slice}. While none runs, or none wants these events, it asks
 * for that and does nothing else.
 * <p>
 * Needs the module {@code jdk.jfr}. Thread-safe; writes on the thread that watches the
 * loops, never on a loop.
 *
 * @since 0.1.0
 */
public final class FlightRecording implements AutoCloseable {

	private final EventLoopMonitor monitor;

	private final StallWatch watch;

	private final EventLoopListener seconds = new EventLoopListener() {

		@Override
		public void onSecond(EventLoopSecond second) {
			SliceEvent.commit(second);
		}

	};

	private final StallListener stalls = new StallListener() {

		@Override
		public void onStallEnded(Stall stall) {
			StallEvent.commit(stall);
		}

	};

	/**
	 * Record what a monitor and its watch see, from {@link #start()} on.
	 * @param monitor sees every second
	 * @param watch sees every stall
	 */
	public FlightRecording(EventLoopMonitor monitor, StallWatch watch) {
		this.monitor = monitor;
		this.watch = watch;
	}

	/**
	 * Start to write.
	 */
	public void start() {
		this.monitor.addListener(this.seconds);
		this.watch.addListener(this.stalls);
	}

	/**
	 * Write no more.
	 */
	@Override
	public void close() {
		this.monitor.removeListener(this.seconds);
		this.watch.removeListener(this.stalls);
	}

}
