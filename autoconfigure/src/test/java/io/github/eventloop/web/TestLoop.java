package io.github.eventloop.web;

import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import io.github.eventloop.monitor.LoopRecorder;
import io.github.eventloop.monitor.MonitoredThread;

/**
 * Runs code as a loop would: on a thread that has a recorder.
 */
final class TestLoop {

	private final LoopRecorder recorder = new LoopRecorder();

	LoopRecorder recorder() {
		return this.recorder;
	}

	/** Run code on a thread of this loop and wait for its end. */
	void run(Runnable code) throws Exception {
		FutureTask<Void> task = new FutureTask<>(code, null);
		new LoopThread(task, this.recorder).start();
		task.get(10, TimeUnit.SECONDS);
	}

	private static final class LoopThread extends Thread implements MonitoredThread {

		private final LoopRecorder recorder;

		LoopThread(Runnable code, LoopRecorder recorder) {
			super(code, "test-loop");
			this.recorder = recorder;
			setDaemon(true);
		}

		@Override
		public LoopRecorder recorder() {
			return this.recorder;
		}

	}

}
