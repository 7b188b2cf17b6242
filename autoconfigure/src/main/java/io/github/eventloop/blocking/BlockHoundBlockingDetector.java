package io.github.eventloop.blocking;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.management.HotSpotDiagnosticMXBean;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.MonitoredThread;

/**
 * Sees blocking calls through BlockHound, which changes the methods of the JDK that may
 * block: every such call on a loop is noted when it begins, however short it turns out to
 * be, and none is stopped. The length of a call is not known.
 * <p>
 * BlockHound can be installed once in a JVM. Several detectors share it, and it stays
 * installed when they are closed.
 *
 * @since 0.1.0
 */
public final class BlockHoundBlockingDetector implements BlockingDetector {

	private static final Log logger = LogFactory.getLog(BlockHoundBlockingDetector.class);

	private static final String FLAG = "AllowRedefinitionToAddDeleteMethods";

	/** What may wait until the monitor looks, eleven times a second. */
	private static final int CAPACITY = 1000;

	/**
	 * So many are taken in a look. All there are might never be: loops that block all the
	 * time note calls faster than their stacks are read.
	 */
	private static final int A_LOOK = 100;

	private final EventLoopMonitor monitor;

	private final BlockingCalls calls;

	private final LoopThreads threads = new LoopThreads();

	/** Loops add without ever waiting, the monitor's thread takes. */
	private final Queue<Noted> noted = new ConcurrentLinkedQueue<>();

	/** The size of the queue, which would have to count. */
	private final AtomicInteger waiting = new AtomicInteger();

	private final BlockHoundInstallation.Listener loops = this::note;

	private final EventLoopListener listener = new EventLoopListener() {

		@Override
		public void onLoops(List<MonitoredLoop> loops) {
			BlockHoundBlockingDetector.this.threads.onLoops(loops);
		}

		@Override
		public long onWakeUp(long now) {
			takeNoted(A_LOOK);
			return Long.MAX_VALUE;
		}

	};

	/**
	 * Look at the loops of a monitor, from {@link #start()} on.
	 * @param monitor the monitor
	 * @param calls where to add what is seen
	 */
	public BlockHoundBlockingDetector(EventLoopMonitor monitor, BlockingCalls calls) {
		this.monitor = monitor;
		this.calls = calls;
	}

	/**
	 * Start to look. The first in a JVM takes a second or two, so that no call is missed
	 * after it.
	 */
	@Override
	public void start() {
		String problem = install();
		if (problem != null) {
			logger.warn("Blocking calls on event loops are not looked for. " + problem
					+ ", or switch the detector off with eventloop.blocking.detector=none");
			return;
		}
		this.monitor.addListener(this.listener);
		BlockHoundInstallation.add(this.loops);
	}

	private static @Nullable String install() {
		if (!isPresent()) {
			return "BlockHound is not on the class path. Add the dependency io.projectreactor.tools:blockhound";
		}
		// Asked before, for BlockHound tries for seconds, and cannot try again.
		if ("false".equals(valueOfFlag())) {
			return "BlockHound needs a JVM flag to change the methods of the JDK. Add -XX:+" + FLAG
					+ " to the command line of the JVM";
		}
		return BlockHoundInstallation.install();
	}

	private static boolean isPresent() {
		try {
			Class.forName("reactor.blockhound.BlockHound", false, BlockHoundBlockingDetector.class.getClassLoader());
			return true;
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return false;
		}
	}

	private static @Nullable String valueOfFlag() {
		try {
			return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).getVMOption(FLAG).getValue();
		}
		catch (RuntimeException | LinkageError ex) {
			// Another JVM, or one that has no such flag any more. BlockHound will know.
			return null;
		}
	}

	/**
	 * Note a call that is about to begin. Runs on the loop: takes no lock, waits for
	 * nothing, and leaves it to others to read the stack.
	 */
	private void note(BlockingKind kind, MonitoredThread thread) {
		if (this.waiting.get() < CAPACITY) {
			Noted noted = new Noted(kind, thread.loop(), System.currentTimeMillis(), new Throwable());
			this.waiting.incrementAndGet();
			this.noted.add(noted);
		}
	}

	private void takeNoted(int most) {
		for (int i = 0; i < most; i++) {
			Noted next = this.noted.poll();
			if (next == null) {
				return;
			}
			this.waiting.decrementAndGet();
			if (this.threads.contain(next.loop())) {
				this.calls.add(next.kind(), next.loop().name(), Duration.ZERO, Instant.ofEpochMilli(next.at()),
						next.stack());
			}
		}
	}

	@Override
	public void close() {
		if (isPresent()) {
			BlockHoundInstallation.remove(this.loops);
		}
		this.monitor.removeListener(this.listener);
		takeNoted(CAPACITY);
	}

	/**
	 * A call that a loop has begun.
	 *
	 * @param kind what it waits for
	 * @param loop the loop
	 * @param at when it was noted, in milliseconds since the epoch
	 * @param trace where; the stack is not turned into frames before somebody asks
	 */
	private record Noted(BlockingKind kind, MonitoredLoop loop, long at, Throwable trace) {

		/** Without the frames of BlockHound and our own. */
		StackTraceElement[] stack() {
			StackTraceElement[] frames = this.trace.getStackTrace();
			for (int i = 0; i < frames.length; i++) {
				if (frames[i].getMethodName().equals("checkBlocking")
						&& frames[i].getClassName().equals("reactor.blockhound.BlockHoundRuntime")) {
					return Arrays.copyOfRange(frames, i + 1, frames.length);
				}
			}
			return frames;
		}

	}

}
