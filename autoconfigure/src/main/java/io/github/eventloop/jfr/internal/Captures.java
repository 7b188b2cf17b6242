package io.github.eventloop.jfr.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.eventloop.monitor.internal.thread.DaemonThread;
import io.github.eventloop.monitor.internal.thread.FailureLog;
import io.github.eventloop.monitor.internal.thread.LogThread;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.StallListener;

/**
 * Keeps a flight recording in memory, and writes it to a file some seconds after a
 * trigger, so that it contains what led to it and what followed. At most once in ten
 * minutes. All of this happens on a thread of its own, {@code eventloop-capture};
 * failures are logged and affect nothing else.
 * <p>
 * Thread-safe.
 */
public final class Captures implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(Captures.class);

	/** How much of what follows a trigger is recorded. */
	private static final Duration AFTERMATH = Duration.ofSeconds(5);

	/** How often to check whether the recording has been stopped from outside. */
	private static final Duration CHECK_INTERVAL = Duration.ofMinutes(1);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

	private final StallDetector detector;

	private final Duration stallThreshold;

	private final CaptureFiles files;

	private final InstantSource clock;

	private final Duration aftermath;

	private final Thread thread = DaemonThread.create(this::run, "eventloop-capture", null);

	private final FailureLog failures = new FailureLog(logger);

	/**
	 * The trigger that the thread has not handled yet. Set by any thread, cleared by that
	 * thread.
	 */
	private final AtomicReference<CaptureTrigger> pending = new AtomicReference<>();

	private final CountDownLatch closed = new CountDownLatch(1);

	/** Confined to the thread. */
	private final CaptureRecording recording = new CaptureRecording();

	/** Time of the last trigger that was handled. Confined to the thread. */
	private Instant lastAttempt = Instant.MIN;

	private final StallListener stallListener = new StallListener() {

		@Override
		public void onStallInProgress(Stall stall) {
			stalled(stall);
		}

		@Override
		public void onStallEnded(Stall stall) {
			stalled(stall);
		}

	};

	/**
	 * Create captures. Nothing is recorded until {@link #start()}.
	 * @param detector the detector whose stalls are triggers
	 * @param stallThreshold the shortest stall that is a trigger
	 * @param files the directory to write to
	 */
	public Captures(StallDetector detector, Duration stallThreshold, CaptureFiles files) {
		this(detector, stallThreshold, files, InstantSource.system(), AFTERMATH);
	}

	Captures(StallDetector detector, Duration stallThreshold, CaptureFiles files, InstantSource clock,
			Duration aftermath) {
		this.detector = detector;
		this.stallThreshold = stallThreshold;
		this.files = files;
		this.clock = clock;
		this.aftermath = aftermath;
	}

	/**
	 * Start to record, without waiting for Flight Recorder to start.
	 */
	public void start() {
		this.detector.addListener(this.stallListener);
		this.thread.start();
	}

	private void stalled(Stall stall) {
		if (stall.duration().compareTo(this.stallThreshold) >= 0) {
			trigger(CaptureTrigger.STALL);
		}
	}

	/**
	 * Write a capture, unless there was one less than ten minutes ago. Returns
	 * immediately.
	 * @param trigger what causes it to be written
	 */
	public void trigger(CaptureTrigger trigger) {
		this.pending.compareAndSet(null, trigger);
		LockSupport.unpark(this.thread);
	}

	/** Return whether no trigger waits for the thread. */
	boolean isIdle() {
		return this.pending.get() == null;
	}

	private void run() {
		CaptureTrigger trigger = this.pending.getAndSet(null);
		while (trigger != null || this.closed.getCount() > 0) {
			this.failures.run(() -> this.recording.ensureRunning(this.clock.instant()),
					"Failed to start a flight recording. No captures are written until it succeeds");
			if (trigger != null) {
				capture(trigger);
			}
			else {
				LockSupport.parkNanos(this, CHECK_INTERVAL.toNanos());
			}
			trigger = this.pending.getAndSet(null);
		}
		this.failures.run(this.recording::close, "Failed to stop the flight recording");
	}

	private void capture(CaptureTrigger trigger) {
		Instant now = this.clock.instant();
		if (this.lastAttempt.plus(CaptureFiles.INTERVAL).isAfter(now) || this.files.isTooSoon(now)) {
			return;
		}
		this.lastAttempt = now;
		try {
			// If the application stops, what has been recorded so far is written.
			this.closed.await(this.aftermath.toNanos(), TimeUnit.NANOSECONDS);
			write(now, trigger);
		}
		catch (Throwable ex) {
			this.failures.failed("Failed to write a flight recording to " + this.files
					+ ". The application is not affected, and the next attempt is made after ten minutes at the earliest",
					ex);
		}
	}

	private void write(Instant time, CaptureTrigger trigger) throws IOException {
		Path file = this.files.write(time, trigger, this.recording::write);
		if (file != null) {
			LogThread.write(() -> logger.info("Flight recording written to " + file + " (trigger: " + trigger + ")"));
		}
	}

	/**
	 * Stop recording. A capture whose trigger has occurred is written first.
	 */
	@Override
	public void close() {
		this.detector.removeListener(this.stallListener);
		this.closed.countDown();
		LockSupport.unpark(this.thread);
		try {
			this.thread.join(CLOSE_TIMEOUT.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
