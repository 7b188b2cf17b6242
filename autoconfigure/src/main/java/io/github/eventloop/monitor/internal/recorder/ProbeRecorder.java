package io.github.eventloop.monitor.internal.recorder;

import java.util.function.LongSupplier;

import io.github.eventloop.monitor.internal.thread.OsThread;

/**
 * Recorder of an external event loop, which does not record itself: of what happens to
 * probes, empty tasks that are sent to it. The wait of a probe is recorded as one
 * iteration, the time between two probes as time in the poll.
 * <p>
 * At most one probe is in flight, so its sender and the probe itself write alternately;
 * the loop's task queue and the completion of the probe pass the recorder from one to the
 * other, with a happens-before edge each. All methods are wait-free.
 * <p>
 * All instants are {@link System#nanoTime()}.
 */
public final class ProbeRecorder extends RecordedView {

	/** Whether the id of the thread has been read. Accessed by the current writer. */
	private boolean identified;

	/**
	 * Create a recorder for a loop that no probe was sent to yet.
	 */
	public ProbeRecorder() {
		this(System::nanoTime);
	}

	public ProbeRecorder(LongSupplier clock) {
		super(clock);
	}

	/**
	 * Record that a probe is about to be sent. Until it runs, the loop counts as being in
	 * one iteration. Called by the sender before it sends the probe, and not again before
	 * that is {@linkplain #probeCompleted completed} or {@linkplain #probeRejected
	 * rejected}.
	 * @param thread the loop's thread
	 * @param now the current instant
	 */
	public void probeSent(Thread thread, long now) {
		if (thread() != thread) {
			this.identified = false;
			setThread(thread, OsThread.UNKNOWN);
		}
		if (this.phases.isActive()) {
			this.phases.start(now);
		}
		else {
			this.phases.startIteration(now, false);
		}
	}

	/**
	 * Record that a probe runs. Called by the probe. A wait no longer than it takes to
	 * wake up a thread counts as none, because an idle loop shows the same.
	 * @param now the current instant
	 */
	public void probeCompleted(long now) {
		if (!this.identified) {
			this.identified = true;
			setOsThreadId(OsThread.currentId());
		}
		long sentAt = this.phases.since();
		long endedAt = (now - sentAt < LONGEST_SCHEDULING_DELAY_NANOS) ? sentAt : now;
		if (this.iterations.count(endedAt - sentAt)) {
			this.iterations.record(sentAt, endedAt, 0, 0, this.phases.ioNanosUntil(endedAt));
		}
		this.phases.startWaiting(endedAt);
	}

	/**
	 * Record that the loop rejected a probe. Called by the sender.
	 */
	public void probeRejected() {
		this.phases.cancelIteration();
	}

}
