package io.github.eventloop.blocking.internal;

import java.time.Duration;

import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingStream;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.blocking.BlockingKind;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.stall.internal.stack.PackageNames;

/**
 * A recording of blocking calls that is read while it is written. The only class of this
 * package that needs the module {@code jdk.jfr}.
 */
final class JfrStream implements AutoCloseable {

	/** Sufficient, because events are read within a second or two. */
	private static final Duration MAX_AGE = Duration.ofSeconds(10);

	/** Maximum size on disk beside the chunk in progress, in bytes. */
	private static final long MAX_SIZE = 4L * 1024 * 1024;

	private static final StackTraceElement[] NO_STACK = {};

	/** Line number of a native method in a {@link StackTraceElement}. */
	private static final int NATIVE = -2;

	private final RecordingStream stream = new RecordingStream();

	private final LoopThreads threads;

	private final BlockingCalls calls;

	private final SourceFiles sources = new SourceFiles(Thread.currentThread().getContextClassLoader());

	/**
	 * Prepare a recording.
	 * @param threshold the shortest call to record
	 * @param threads finds the loops of threads
	 * @param calls the table to add recorded calls to
	 */
	JfrStream(Duration threshold, LoopThreads threads, BlockingCalls calls) {
		this.threads = threads;
		this.calls = calls;
		this.stream.setMaxAge(MAX_AGE);
		this.stream.setMaxSize(MAX_SIZE);
		// The order of events of different threads does not matter.
		this.stream.setOrdered(false);
		enable("jdk.ThreadSleep", BlockingKind.SLEEP, threshold);
		enable("jdk.ThreadPark", BlockingKind.PARK, threshold);
		enable("jdk.JavaMonitorEnter", BlockingKind.MONITOR_ENTER, threshold);
		enable("jdk.JavaMonitorWait", BlockingKind.MONITOR_WAIT, threshold);
		enable("jdk.SocketRead", BlockingKind.SOCKET_READ, threshold);
		enable("jdk.SocketWrite", BlockingKind.SOCKET_WRITE, threshold);
		enable("jdk.FileRead", BlockingKind.FILE_READ, threshold);
		enable("jdk.FileWrite", BlockingKind.FILE_WRITE, threshold);
		enable("jdk.FileForce", BlockingKind.FILE_WRITE, threshold);
		// Has no duration.
		enable("jdk.ProcessStart", BlockingKind.PROCESS_START, Duration.ZERO);
	}

	private void enable(String event, BlockingKind kind, Duration threshold) {
		this.stream.enable(event).withThreshold(threshold).withStackTrace();
		this.stream.onEvent(event, (recorded) -> {
			// If another recording enables shorter events, this one receives them, too.
			if (recorded.getDuration().compareTo(threshold) >= 0) {
				add(kind, recorded);
			}
		});
	}

	/**
	 * Record and add blocking calls until this is closed.
	 */
	void run() {
		this.stream.start();
	}

	private void add(BlockingKind kind, RecordedEvent event) {
		RecordedThread thread = event.getThread();
		MonitoredLoop loop = (thread != null) ? this.threads.loopOf(thread.getJavaThreadId()) : null;
		if (loop == null) {
			return;
		}
		StackTraceElement[] stack = stackOf(event.getStackTrace());
		if (!isNettyIo(kind, stack)) {
			this.calls.add(kind, loop.name(), event.getDuration(), event.getEndTime(), stack);
		}
	}

	private StackTraceElement[] stackOf(@Nullable RecordedStackTrace stackTrace) {
		return (stackTrace != null) ? stackTrace.getFrames()
			.stream()
			.filter(RecordedFrame::isJavaFrame)
			.map(this::elementOf)
			.toArray(StackTraceElement[]::new) : NO_STACK;
	}

	private StackTraceElement elementOf(RecordedFrame frame) {
		RecordedMethod method = frame.getMethod();
		String className = method.getType().getName();
		int line = "Native".equals(frame.getType()) ? NATIVE : frame.getLineNumber();
		return new StackTraceElement(className, method.getName(), this.sources.of(className), line);
	}

	/**
	 * Return whether a call is I/O of a Netty channel. It does not block, but takes long
	 * if the thread loses its CPU in the middle of it.
	 */
	private static boolean isNettyIo(BlockingKind kind, StackTraceElement[] stack) {
		if (kind != BlockingKind.SOCKET_READ && kind != BlockingKind.SOCKET_WRITE) {
			return false;
		}
		for (StackTraceElement frame : stack) {
			if (!PackageNames.isJdk(frame.getClassName())) {
				return frame.getClassName().startsWith("io.netty.");
			}
		}
		return false;
	}

	@Override
	public void close() {
		this.stream.close();
	}

}
