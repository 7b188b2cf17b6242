package io.github.eventloop.blocking.internal;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.management.HotSpotDiagnosticMXBean;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.blocking.BlockingDetector;
import io.github.eventloop.blocking.BlockingKind;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.recorder.MonitoredThread;
import io.github.eventloop.monitor.internal.second.LoopPoller;

/**
 * {@link BlockingDetector} that uses BlockHound, which instruments the methods of the JDK
 * that may block. Every such call on an event loop is recorded when it begins, however
 * short it turns out to be, and none is prevented. The duration of a call is not known.
 * <p>
 * BlockHound can be installed only once in a JVM. Several detectors share it, and it
 * stays installed when they are closed.
 */
public final class BlockHoundBlockingDetector implements BlockingDetector {

	private static final Log logger = LogFactory.getLog(BlockingDetector.class);

	private static final String FLAG = "AllowRedefinitionToAddDeleteMethods";

	/**
	 * Maximum number of calls that wait for the monitor, which polls 11 times a second.
	 */
	private static final int CAPACITY = 1000;

	/**
	 * Maximum number of calls that are drained in a poll. Draining the whole queue might
	 * never end: loops that block continually record calls faster than their stacks are
	 * read.
	 */
	private static final int MAX_DRAINED_PER_TICK = 100;

	private final EventLoopMonitor monitor;

	private final BlockingCalls calls;

	private final LoopThreads threads = new LoopThreads();

	/** Event loop threads add without blocking; the monitor thread and close() remove. */
	private final Queue<RecordedCall> recordedCalls = new ConcurrentLinkedQueue<>();

	/** Size of the queue, whose own {@code size()} traverses it. */
	private final AtomicInteger recordedCount = new AtomicInteger();

	private final BlockHoundInstallation.Listener callListener = this::recordCall;

	private final LoopPoller poller = (now) -> {
		drain(MAX_DRAINED_PER_TICK);
		return Long.MAX_VALUE;
	};

	/**
	 * Create a detector for the loops of a monitor. It has no effect until
	 * {@link #start()}.
	 * @param monitor the monitor
	 * @param calls the table to add detected calls to
	 */
	public BlockHoundBlockingDetector(EventLoopMonitor monitor, BlockingCalls calls) {
		this.monitor = monitor;
		this.calls = calls;
	}

	/**
	 * Start detecting blocking calls. Returns when BlockHound is installed, so that no
	 * later call is missed. The first installation in a JVM takes a second or two.
	 */
	@Override
	public void start() {
		String problem = install();
		if (problem != null) {
			logger.warn("Blocking calls on event loops are not detected. " + problem
					+ ", or switch the detector off with eventloop.blocking.detector=none");
			return;
		}
		this.monitor.addListener(this.threads);
		this.monitor.addListener(this.poller);
		BlockHoundInstallation.add(this.callListener);
	}

	private static @Nullable String install() {
		if (!isPresent()) {
			return "BlockHound is not on the class path. Add the dependency io.projectreactor.tools:blockhound";
		}
		// Checked first, because BlockHound tries for seconds and cannot be retried.
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
			// A JVM without this flag. If it prevents the installation, BlockHound fails.
			return null;
		}
	}

	/**
	 * Record a call that is about to begin. Runs on the event loop thread: it takes no
	 * lock, does not block, and leaves reading the stack to the monitor thread.
	 */
	private void recordCall(BlockingKind kind, MonitoredThread thread) {
		if (this.recordedCount.get() < CAPACITY) {
			RecordedCall call = new RecordedCall(kind, thread.loop(), System.currentTimeMillis(), new Throwable());
			this.recordedCount.incrementAndGet();
			this.recordedCalls.add(call);
		}
	}

	private void drain(int max) {
		for (int i = 0; i < max; i++) {
			RecordedCall next = this.recordedCalls.poll();
			if (next == null) {
				return;
			}
			this.recordedCount.decrementAndGet();
			if (this.threads.contains(next.loop())) {
				this.calls.add(next.kind(), next.loop().name(), Duration.ZERO, Instant.ofEpochMilli(next.at()),
						next.stack());
			}
		}
	}

	@Override
	public void close() {
		if (isPresent()) {
			BlockHoundInstallation.remove(this.callListener);
		}
		this.monitor.removeListener(this.threads);
		this.monitor.removeListener(this.poller);
		drain(CAPACITY);
	}

	/**
	 * A call that an event loop has begun.
	 *
	 * @param kind what the loop waits for
	 * @param loop the loop
	 * @param at when the call was recorded, in milliseconds since the epoch
	 * @param trace the stack, which is converted to frames only by {@link #stack()}
	 */
	private record RecordedCall(BlockingKind kind, MonitoredLoop loop, long at, Throwable trace) {

		/** Return the stack without the frames of BlockHound and of this library. */
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
