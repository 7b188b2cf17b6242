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

	private static final int UNKNOWN = -1;

	private final EventLoop loop;

	private final String group;

	private final LoopOwner owner;

	private final String expectedName;

	private final ProbeRecorder recorder = new ProbeRecorder();

	/** Reused, since there is never more than one in flight. */
	private final Runnable probe = this::probeCompleted;

	private final Runnable identification = this::identify;

	/**
	 * Volatile: set before the probe is sent, and reset as the last action of the probe.
	 */
	private volatile boolean probeInFlight;

	/**
	 * A thread of the loop that is not listed among the threads of the JVM, or
	 * {@code null}. Volatile: written by the loop's thread, read by the monitor thread.
	 */
	private volatile @Nullable Thread identified;

	public ExternalLoop(EventLoop loop, String group, LoopOwner owner, int number) {
		this.loop = loop;
		this.group = group;
		this.owner = owner;
		this.expectedName = group + "-" + number;
	}

	/**
	 * Send a probe, unless one is in flight or the loop has no thread. A probe would
	 * start the thread of a loop that has not started, and delay a graceful shutdown,
	 * which waits for a quiet period without tasks. If the thread is not found, it
	 * identifies itself instead, and nothing is recorded until then.
	 */
	public void sendProbe() {
		if (this.probeInFlight || this.loop.isShuttingDown() || this.loop.inEventLoop(null)) {
			return;
		}
		Thread thread = findThread();
		this.probeInFlight = true;
		if (thread != null) {
			this.recorder.probeSent(thread, System.nanoTime());
		}
		boolean sent = false;
		try {
			this.loop.execute((thread != null) ? this.probe : this.identification);
			sent = true;
		}
		catch (RejectedExecutionException ex) {
			// The loop has just terminated or its queue is full: a later tick retries.
		}
		finally {
			if (!sent) {
				if (thread != null) {
					this.recorder.probeRejected();
				}
				this.probeInFlight = false;
			}
		}
	}

	private void probeCompleted() {
		this.recorder.probeCompleted(System.nanoTime());
		this.probeInFlight = false;
	}

	private void identify() {
		this.identified = Thread.currentThread();
		this.probeInFlight = false;
	}

	/**
	 * Find the thread of the loop. Netty only reports whether a given thread is that of
	 * the loop, so all threads of the JVM are checked once after each start of the loop.
	 * Virtual threads are not among them.
	 */
	private @Nullable Thread findThread() {
		Thread known = this.recorder.thread();
		if (known != null && this.loop.inEventLoop(known)) {
			return known;
		}
		Thread identified = this.identified;
		if (identified != null && this.loop.inEventLoop(identified)) {
			return identified;
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
		String name = (thread != null) ? thread.getName() : "";
		// A virtual thread has no name, unless it is given one.
		return name.isEmpty() ? this.expectedName : name;
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
				: UNKNOWN;
	}

	@Override
	public int channels() {
		return (this.loop instanceof SingleThreadEventLoop executor) ? executor.registeredChannels() : UNKNOWN;
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
