package io.github.eventloop.netty;

import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.LoopRecorder;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.MonitoredLoop;

/**
 * An event loop that is not ours, and notes nothing. It is sent a <em>sentinel</em>: a
 * task that does nothing but say that it has run. There is one at a time, so that a loop
 * that is stuck has one task of ours in its queue, whose age shows how long it has been
 * stuck, and no crowd of late ones afterwards that would make light of it.
 * <p>
 * Threading: {@link #ask()} is called by the monitor's thread, the sentinel runs on the
 * loop, everything else may be called by any thread. The recorder is written by the first
 * two in turns: the loop's queue hands it over to the sentinel, {@code outstanding} back.
 */
final class ForeignLoop implements MonitoredLoop {

	private static final int CHANNELS_UNKNOWN = -1;

	private final EventLoop loop;

	private final String group;

	private final String expectedName;

	private final LoopRecorder recorder = new LoopRecorder();

	/** The only one: there is never more than one on its way. */
	private final Runnable sentinel = this::answer;

	/**
	 * Volatile: set before the sentinel is sent, reset as the last thing that it does.
	 */
	private volatile boolean outstanding;

	ForeignLoop(EventLoop loop, String group, int number) {
		this.loop = loop;
		this.group = group;
		this.expectedName = group + "-" + number;
	}

	/**
	 * Send a sentinel, unless one is on its way or nobody runs the loop. Sending one
	 * would start the thread of a loop that has not started, and keep one from ending
	 * that is about to: a graceful shutdown waits until there were no tasks for a while.
	 */
	void ask() {
		if (this.outstanding || this.loop.isShuttingDown()) {
			return;
		}
		Thread thread = findThread();
		if (thread == null) {
			return;
		}
		this.outstanding = true;
		this.recorder.asked(thread, System.nanoTime());
		boolean sent = false;
		try {
			this.loop.execute(this.sentinel);
			sent = true;
		}
		catch (RejectedExecutionException ex) {
			// It has just ended, or its queue is full: there will be another occasion.
		}
		finally {
			if (!sent) {
				this.recorder.refused();
				this.outstanding = false;
			}
		}
	}

	private void answer() {
		this.recorder.answered(System.nanoTime());
		this.outstanding = false;
	}

	/**
	 * Find out who runs the loop. Netty tells of a thread whether it does, and of no
	 * thread whether nobody does; all threads are gone through once a start.
	 */
	private @Nullable Thread findThread() {
		Thread known = this.recorder.thread();
		if (known != null && this.loop.inEventLoop(known)) {
			return known;
		}
		if (this.loop.inEventLoop(null)) {
			return null;
		}
		ThreadGroup all = Thread.currentThread().getThreadGroup();
		while (all.getParent() != null) {
			all = all.getParent();
		}
		// More may start meanwhile. Whoever is left out is found the next time.
		Thread[] threads = new Thread[2 * all.activeCount()];
		int number = all.enumerate(threads);
		for (int i = 0; i < number; i++) {
			if (this.loop.inEventLoop(threads[i])) {
				return threads[i];
			}
		}
		return null;
	}

	/**
	 * Return whether this is the watched side of a loop.
	 * @param loop the loop
	 * @return whether it is
	 */
	boolean watches(EventLoop loop) {
		return this.loop == loop;
	}

	@Override
	public boolean isApproximate() {
		return true;
	}

	@Override
	public String name() {
		Thread thread = this.recorder.thread();
		return (thread != null) ? thread.getName() : this.expectedName;
	}

	@Override
	public String group() {
		return this.group;
	}

	@Override
	public Set<LoopRole> roles() {
		return Set.of();
	}

	@Override
	public LoopRecorder recorder() {
		return this.recorder;
	}

	@Override
	public int pendingTasks() {
		int own = this.outstanding ? 1 : 0;
		return (this.loop instanceof SingleThreadEventExecutor executor) ? Math.max(0, executor.pendingTasks() - own)
				: 0;
	}

	@Override
	public int channels() {
		return (this.loop instanceof SingleThreadEventLoop known) ? known.registeredChannels() : CHANNELS_UNKNOWN;
	}

	@Override
	public int inFlightRequests() {
		return 0;
	}

	@Override
	public void execute(Runnable task) {
		this.loop.execute(task);
	}

	@Override
	public boolean isTerminated() {
		return this.loop.isTerminated();
	}

	@Override
	public String toString() {
		return "ForeignLoop {" + this.loop + '}';
	}

}
