package io.github.eventloop.netty;

import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadIoEventLoop;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.LoopRecorder;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.MonitoredLoop;

/**
 * A Netty event loop that notes when it waits. Netty hands the loop's {@code IoHandler} a
 * context, and asks that context two things in every turn: whether it may block, right
 * before it waits, and whether to report its time, right after it returned and before the
 * first channel is handled. Answering both is all the hook there is: no handler is
 * wrapped, no task is scheduled, and the four transports need no code of their own.
 */
final class MonitoredEventLoop extends SingleThreadIoEventLoop implements MonitoredLoop {

	/** The number of a loop that has not started. */
	static final long NO_NUMBER = -1;

	private final LoopPurpose purpose;

	private final LoopRecorder recorder = new LoopRecorder();

	private final IoHandlerContext context = new RecordingContext();

	/**
	 * Volatile: read by any thread, replaced under this loop's monitor by those that
	 * register channels.
	 */
	private volatile Set<LoopRole> roles;

	/** Those that are open. Thread-safe: read by any thread, changed by this loop's. */
	private final List<Channel> acceptors = new CopyOnWriteArrayList<>();

	/** Volatile: written by whoever lists the loops, read by any thread. */
	private volatile long expectedNumber = 1;

	/**
	 * How many channels were assigned to this loop and wait for it to register them, for
	 * ever if it is blocked. Atomic: they are assigned by other threads.
	 */
	private final AtomicInteger registering = new AtomicInteger();

	private final ChannelFutureListener registered = (done) -> this.registering.decrementAndGet();

	// The state of one turn, down to the constructor. Only the loop's thread uses it.
	private boolean waiting;

	private boolean polled;

	private boolean inTasks;

	private int handled;

	/** Whether the loop, which is being ended, waits for late tasks. */
	private boolean resting;

	MonitoredEventLoop(IoEventLoopGroup parent, Executor executor, IoHandlerFactory ioHandlerFactory,
			LoopPurpose purpose) {
		super(parent, executor, ioHandlerFactory);
		this.purpose = purpose;
		this.roles = purpose.roles();
	}

	@Override
	protected void run() {
		if (Thread.currentThread() instanceof LoopThread thread) {
			thread.runs(this);
		}
		this.recorder.started(System.nanoTime());
		try {
			super.run();
		}
		finally {
			this.recorder.stopped(System.nanoTime());
		}
	}

	@Override
	protected int runIo() {
		this.waiting = this.resting;
		this.resting = false;
		this.polled = false;
		this.inTasks = false;
		this.handled = ioHandler().run(this.context);
		if (!this.polled) {
			// The poll failed and the handler said so in the log.
			this.recorder.polled(System.nanoTime());
		}
		this.recorder.handled(this.handled);
		return this.handled;
	}

	@Override
	protected @Nullable Runnable pollTask() {
		Runnable task = super.pollTask();
		if (task == null) {
			rest();
		}
		else {
			wake();
			this.recorder.taskStarted();
			if (!this.inTasks) {
				this.inTasks = true;
				// Without events, the tasks began when the poll returned.
				this.recorder.tasksStarted((this.handled > 0) ? System.nanoTime() : this.recorder.iterationSince());
			}
		}
		return task;
	}

	/**
	 * A loop that is being ended sleeps between two looks for late tasks, where no poll
	 * shows it: that is no work, and no stall.
	 */
	private void rest() {
		if (isShuttingDown() && !this.resting) {
			this.resting = true;
			this.recorder.waiting(System.nanoTime());
		}
	}

	private void wake() {
		if (this.resting) {
			this.resting = false;
			this.inTasks = false;
			this.handled = 0;
			this.recorder.polled(System.nanoTime());
		}
	}

	@Override
	public ChannelFuture register(ChannelPromise promise) {
		if (promise.channel().parent() instanceof ServerChannel) {
			carries(LoopRole.SERVER);
		}
		if (!inEventLoop()) {
			this.registering.incrementAndGet();
			promise.addListener(this.registered);
		}
		return super.register(promise);
	}

	/**
	 * Note that the loop carries a kind of channel.
	 * @param role the kind
	 */
	void carries(LoopRole role) {
		if (!this.roles.contains(role)) {
			synchronized (this) {
				EnumSet<LoopRole> widened = EnumSet.of(role);
				widened.addAll(this.roles);
				this.roles = Collections.unmodifiableSet(widened);
			}
		}
	}

	/**
	 * Note that the loop accepts connections.
	 * @param acceptor the channel that they come from
	 */
	void accepts(Channel acceptor) {
		carries(LoopRole.ACCEPTOR);
		this.acceptors.add(acceptor);
		acceptor.closeFuture().addListener((closed) -> this.acceptors.remove(acceptor));
	}

	@Override
	public Set<Integer> listeningPorts() {
		if (this.acceptors.isEmpty()) {
			return Set.of();
		}
		Set<Integer> ports = new HashSet<>();
		for (Channel acceptor : this.acceptors) {
			if (acceptor.localAddress() instanceof InetSocketAddress address) {
				ports.add(address.getPort());
			}
		}
		return Collections.unmodifiableSet(ports);
	}

	@Override
	public String name() {
		Thread thread = this.recorder.thread();
		return (thread != null) ? thread.getName() : this.purpose.threadPrefix() + "-" + this.expectedNumber;
	}

	/**
	 * Return the number that the name of the loop's thread ends with.
	 * @return the number, or {@link #NO_NUMBER} before it starts
	 */
	long number() {
		return (this.recorder.thread() instanceof LoopThread thread) ? thread.number() : NO_NUMBER;
	}

	/**
	 * Tell the loop which number its thread will get.
	 * @param number the number
	 */
	void expect(long number) {
		this.expectedNumber = number;
	}

	@Override
	public String group() {
		return this.purpose.group();
	}

	@Override
	public Set<LoopRole> roles() {
		return this.roles;
	}

	@Override
	public LoopRecorder recorder() {
		return this.recorder;
	}

	@Override
	public int channels() {
		return getNumOfRegisteredChannels() + this.registering.get();
	}

	@Override
	public int inFlightRequests() {
		return this.recorder.inFlightRequests();
	}

	/**
	 * Answers the loop's {@code IoHandler} as Netty's own context does, and notes when it
	 * asks.
	 */
	private final class RecordingContext implements IoHandlerContext {

		private final MonitoredEventLoop loop = MonitoredEventLoop.this;

		/**
		 * Asked right before the wait; some transports ask again in between.
		 */
		@Override
		public boolean canBlock() {
			boolean canBlock = !this.loop.hasTasks() && !this.loop.hasScheduledTasks();
			if (canBlock && !this.loop.waiting) {
				this.loop.waiting = true;
				this.loop.recorder.waiting(System.nanoTime());
			}
			return canBlock;
		}

		/**
		 * Asked right after the poll, before the first channel is handled.
		 */
		@Override
		public boolean shouldReportActiveIoTime() {
			if (!this.loop.polled) {
				this.loop.polled = true;
				this.loop.recorder.polled(System.nanoTime());
			}
			return this.loop.isSuspensionSupported();
		}

		@Override
		public void reportActiveIoTime(long activeNanos) {
			this.loop.reportActiveIoTime(activeNanos);
		}

		@Override
		public long delayNanos(long currentTimeNanos) {
			return this.loop.delayNanos(currentTimeNanos);
		}

		@Override
		public long deadlineNanos() {
			return this.loop.deadlineNanos();
		}

	}

}
