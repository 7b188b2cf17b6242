package io.github.eventloop.netty.internal;

import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopView;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.recorder.ProbeRecorder;
import io.github.eventloop.monitor.internal.thread.LiveThreads;

/**
 * An external event loop, which was not created by this library and records nothing
 * itself. It is measured with a <em>probe</em>: a task that only records that it has run.
 * At most one probe is in flight. A stuck loop therefore has a single probe in its queue,
 * whose age shows how long the loop has been stuck, and no backlog of late probes that
 * would skew the statistics afterwards.
 * <p>
 * Threading: {@link #sendProbe()} is called by the monitor thread, the probe runs on the
 * event loop thread, and all other methods may be called by any thread. The monitor
 * thread and the probe alternate in writing the recorder: the loop's task queue publishes
 * the writes of the former, and {@code probeInFlight} those of the latter.
 */
public final class ExternalLoop implements MonitoredLoop {

	private static final int CHANNELS_UNKNOWN = -1;

	private final EventLoop loop;

	private final String group;

	private final LoopOwner owner;

	private final String expectedName;

	private final ProbeRecorder recorder = new ProbeRecorder();

	/** Reused, since there is never more than one in flight. */
	private final Runnable probe = this::probeCompleted;

	/**
	 * Volatile: set before the probe is sent, and reset as the last action of the probe.
	 */
	private volatile boolean probeInFlight;

	public ExternalLoop(EventLoop loop, String group, LoopOwner owner, int number) {
		this.loop = loop;
		this.group = group;
		this.owner = owner;
		this.expectedName = group + "-" + number;
	}

	/**
	 * Send a probe, unless one is in flight or the loop has no thread. A probe would
	 * start the thread of a loop that has not started, and delay a graceful shutdown,
	 * which waits for a quiet period without tasks.
	 */
	public void sendProbe() {
		if (this.probeInFlight || this.loop.isShuttingDown()) {
			return;
		}
		Thread thread = findThread();
		if (thread == null) {
			return;
		}
		this.probeInFlight = true;
		this.recorder.probeSent(thread, System.nanoTime());
		boolean sent = false;
		try {
			this.loop.execute(this.probe);
			sent = true;
		}
		catch (RejectedExecutionException ex) {
			// The loop has just terminated or its queue is full: a later tick retries.
		}
		finally {
			if (!sent) {
				this.recorder.probeRejected();
				this.probeInFlight = false;
			}
		}
	}

	private void probeCompleted() {
		this.recorder.probeCompleted(System.nanoTime());
		this.probeInFlight = false;
	}

	/**
	 * Find the thread of the loop. Netty only reports whether a given thread is that of
	 * the loop, and whether the loop has none, so all threads of the JVM are checked once
	 * after each start of the loop.
	 */
	private @Nullable Thread findThread() {
		Thread known = this.recorder.thread();
		if (known != null && this.loop.inEventLoop(known)) {
			return known;
		}
		if (this.loop.inEventLoop(null)) {
			return null;
		}
		for (Thread thread : LiveThreads.all()) {
			if (this.loop.inEventLoop(thread)) {
				return thread;
			}
		}
		return null;
	}

	/**
	 * Return whether this object measures the given loop.
	 * @param loop the loop
	 * @return whether this object measures it
	 */
	public boolean measures(EventLoop loop) {
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
		return this.owner.roles();
	}

	@Override
	public @Nullable String component() {
		return this.owner.component();
	}

	@Override
	public boolean isCounted() {
		return this.owner.counted();
	}

	@Override
	public LoopView view() {
		return this.recorder;
	}

	@Override
	public int pendingTasks() {
		int probes = this.probeInFlight ? 1 : 0;
		return (this.loop instanceof SingleThreadEventExecutor executor) ? Math.max(0, executor.pendingTasks() - probes)
				: 0;
	}

	@Override
	public int channels() {
		return (this.loop instanceof SingleThreadEventLoop executor) ? executor.registeredChannels() : CHANNELS_UNKNOWN;
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
		return "ExternalLoop {" + this.loop + '}';
	}

}
