package io.github.eventloop.netty.internal;

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
import io.netty.channel.socket.DatagramChannel;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopView;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.recorder.LoopRecorder;

/**
 * A Netty event loop that records when it waits in its poll. Netty passes a context to
 * the loop's {@code IoHandler}, and the handler calls two of its methods in every
 * iteration: {@code canBlock()} right before it waits, and
 * {@code shouldReportActiveIoTime()} right after the poll returned and before the first
 * channel is handled. These two calls are the only hooks: no handler is wrapped, no task
 * is scheduled, and none of the four transports needs specific code.
 */
final class MonitoredEventLoop extends SingleThreadIoEventLoop implements MonitoredLoop {

	/** Number of a loop that has not started. */
	static final long NO_NUMBER = -1;

	private final LoopPurpose purpose;

	private final LoopRecorder recorder = new LoopRecorder();

	private final IoHandlerContext context = new RecordingContext();

	/**
	 * Volatile: read by any thread, replaced under this loop's monitor by threads that
	 * register channels.
	 */
	private volatile Set<LoopRole> roles;

	/**
	 * Open server channels. Copied on write: read by any thread, changed by threads that
	 * register and close channels.
	 */
	private final List<Channel> acceptors = new CopyOnWriteArrayList<>();

	/** Volatile: written by threads that list the loops, read by any thread. */
	private volatile long expectedNumber = 1;

	/**
	 * Number of channels that Netty does not count: those that are assigned to this loop
	 * but not registered yet, since it is busy or blocked, and the connections of QUIC,
	 * which share a socket. Atomic: channels are assigned by other threads.
	 */
	private final AtomicInteger uncountedChannels = new AtomicInteger();

	private final ChannelFutureListener uncountedListener = (done) -> this.uncountedChannels.decrementAndGet();

	// The state of one iteration, used by the event loop thread only.

	private boolean waiting;

	private boolean polled;

	private boolean inTasks;

	private int handled;

	/** Whether the loop is shutting down and sleeps in its quiet period. */
	private boolean quiescing;

	MonitoredEventLoop(IoEventLoopGroup parent, Executor executor, IoHandlerFactory ioHandlerFactory,
			LoopPurpose purpose) {
		super(parent, executor, ioHandlerFactory);
		this.purpose = purpose;
		this.roles = purpose.owner().roles();
	}

	@Override
	protected void run() {
		if (Thread.currentThread() instanceof LoopThread thread) {
			thread.setLoop(this);
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
		assert inEventLoop();
		this.waiting = this.quiescing;
		this.quiescing = false;
		this.polled = false;
		this.inTasks = false;
		this.handled = ioHandler().run(this.context);
		if (!this.polled) {
			// The poll failed, which the handler has logged.
			this.recorder.polled(System.nanoTime());
		}
		this.recorder.handled(this.handled);
		return this.handled;
	}

	@Override
	protected @Nullable Runnable pollTask() {
		Runnable task = super.pollTask();
		if (task == null) {
			quiesce();
		}
		else {
			resume();
			this.recorder.taskStarted();
			if (!this.inTasks) {
				this.inTasks = true;
				// Without events, the task phase began when the poll returned.
				this.recorder.taskPhaseStarted((this.handled > 0) ? System.nanoTime() : this.recorder.iterationSince());
			}
		}
		return task;
	}

	/**
	 * Record that the loop waits. During the quiet period of a shutdown, the loop sleeps
	 * outside of its poll until the next check for late tasks: that is neither work nor a
	 * stall.
	 */
	private void quiesce() {
		if (isShuttingDown() && !this.quiescing) {
			this.quiescing = true;
			this.recorder.waiting(System.nanoTime());
		}
	}

	private void resume() {
		if (this.quiescing) {
			this.quiescing = false;
			this.inTasks = false;
			this.handled = 0;
			this.recorder.polled(System.nanoTime());
		}
	}

	@Override
	public ChannelFuture register(ChannelPromise promise) {
		addRoleOf(promise.channel());
		boolean quic = QuicStreams.isConnection(promise.channel());
		if (quic || !inEventLoop()) {
			this.uncountedChannels.incrementAndGet();
			(quic ? promise.channel().closeFuture() : promise).addListener(this.uncountedListener);
		}
		return super.register(promise);
	}

	/**
	 * Add the role of a channel that is registered with the loop, and mark what a client
	 * receives. The streams of HTTP/2, whose parent is their connection, have no role.
	 * Neither have sockets for datagrams, which clients and servers use alike, but the
	 * streams of QUIC have.
	 * @param channel the channel
	 */
	void addRoleOf(Channel channel) {
		if (channel instanceof ServerChannel) {
			addAcceptor(channel);
		}
		else if (channel.parent() instanceof ServerChannel) {
			addRole(LoopRole.SERVER);
		}
		else if (QuicStreams.isStream(channel)) {
			LoopRole role = QuicStreams.roleOf(channel);
			addRole(role);
			if (role == LoopRole.CLIENT) {
				ResponseMarker.addTo(channel, this);
			}
		}
		else if (channel.parent() == null && !(channel instanceof DatagramChannel)) {
			addRole(LoopRole.CLIENT);
			ResponseMarker.addTo(channel, this);
		}
	}

	private void addRole(@Nullable LoopRole role) {
		if (role != null && !this.roles.contains(role)) {
			synchronized (this) {
				EnumSet<LoopRole> extended = EnumSet.of(role);
				extended.addAll(this.roles);
				this.roles = Collections.unmodifiableSet(extended);
			}
		}
	}

	private void addAcceptor(Channel acceptor) {
		addRole(LoopRole.ACCEPTOR);
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
		String name = (thread != null) ? thread.getName() : "";
		// A virtual thread has no name, unless it is given one.
		return name.isEmpty() ? this.purpose.threadPrefix() + "-" + this.expectedNumber : name;
	}

	/**
	 * Return the number at the end of the name of the loop's thread.
	 * @return the number, or {@link #NO_NUMBER} before it starts
	 */
	long number() {
		return (this.recorder.thread() instanceof LoopThread thread) ? thread.number() : NO_NUMBER;
	}

	/**
	 * Set the number that the loop's thread is expected to get.
	 * @param expectedNumber the expected number
	 */
	void setExpectedNumber(long expectedNumber) {
		this.expectedNumber = expectedNumber;
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
	public @Nullable String component() {
		return this.purpose.owner().component();
	}

	@Override
	public boolean isCounted() {
		return this.purpose.owner().counted();
	}

	@Override
	public LoopView view() {
		return this.recorder;
	}

	/** Return the recorder, for the loop's thread. */
	LoopRecorder recorder() {
		return this.recorder;
	}

	@Override
	public int channels() {
		return getNumOfRegisteredChannels() + this.uncountedChannels.get();
	}

	@Override
	public int inFlightRequests() {
		return this.recorder.inFlightRequests();
	}

	/**
	 * Context that behaves like that of Netty and records when the {@code IoHandler}
	 * calls it.
	 */
	private final class RecordingContext implements IoHandlerContext {

		private final MonitoredEventLoop loop = MonitoredEventLoop.this;

		/**
		 * Called right before the poll, by some transports several times.
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
		 * Called right after the poll returned, before the first channel is handled.
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
