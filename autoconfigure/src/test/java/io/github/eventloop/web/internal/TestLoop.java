package io.github.eventloop.web.internal;

import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopView;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.recorder.LoopRecorder;
import io.github.eventloop.monitor.internal.recorder.MonitoredThread;

/**
 * {@link MonitoredLoop} for tests, which runs code on a {@link MonitoredThread}.
 */
public final class TestLoop implements MonitoredLoop {

	private final LoopRecorder recorder;

	private final LoopRole role;

	public TestLoop() {
		this(new LoopRecorder(), LoopRole.SERVER);
	}

	public TestLoop(LoopRecorder recorder, LoopRole role) {
		this.recorder = recorder;
		this.role = role;
	}

	/** Run code on a thread of this loop and wait until it has completed. */
	public void run(Runnable code) throws Exception {
		run(this, code);
	}

	/** Run code on a thread of a loop and wait until it has completed. */
	public static void run(MonitoredLoop loop, Runnable code) throws Exception {
		FutureTask<Void> task = new FutureTask<>(code, null);
		new LoopThread(task, loop).start();
		task.get(60, TimeUnit.SECONDS);
	}

	@Override
	public LoopView view() {
		return this.recorder;
	}

	public LoopRecorder recorder() {
		return this.recorder;
	}

	@Override
	public String name() {
		return "test-loop";
	}

	@Override
	public String group() {
		return "test";
	}

	@Override
	public Set<LoopRole> roles() {
		return Set.of(this.role);
	}

	@Override
	public int pendingTasks() {
		return 0;
	}

	@Override
	public int channels() {
		return 1;
	}

	@Override
	public int inFlightRequests() {
		return this.recorder.inFlightRequests();
	}

	@Override
	public void execute(Runnable task) {
		new LoopThread(task, this).start();
	}

	@Override
	public boolean isTerminated() {
		return false;
	}

	private static final class LoopThread extends Thread implements MonitoredThread {

		private final MonitoredLoop loop;

		LoopThread(Runnable code, MonitoredLoop loop) {
			super(code, loop.name());
			this.loop = loop;
			setDaemon(true);
		}

		@Override
		public MonitoredLoop loop() {
			return this.loop;
		}

		@Override
		public LoopRecorder recorder() {
			return (LoopRecorder) this.loop.view();
		}

	}

}
