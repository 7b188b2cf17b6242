package io.github.eventloop.blocking;

import java.time.Duration;

import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingStream;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.MonitoredLoop;

/**
 * A recording of blocking calls, read while it is written. The only class that needs the
 * module {@code jdk.jfr}.
 */
final class JfrStream implements AutoCloseable {

	/** We read what is written within a second or two. */
	private static final Duration MAX_AGE = Duration.ofSeconds(10);

	/** What is kept on disk beside the chunk in progress, in bytes. */
	private static final long MAX_SIZE = 4L * 1024 * 1024;

	private static final StackTraceElement[] NO_STACK = {};

	/** What a {@link StackTraceElement} has for the line of a native method. */
	private static final int NATIVE = -2;

	private final RecordingStream stream = new RecordingStream();

	private final LoopThreads threads;

	private final BlockingCalls calls;

	/** Only the thread that runs the stream uses them. */
	private final SourceFiles sourceFiles;

	/**
	 * Prepare a recording.
	 * @param threshold shorter calls are left out
	 * @param threads tells the loops from other threads
	 * @param calls where to add what is seen
	 * @param sourceFiles the source files of what is on the stacks
	 */
	JfrStream(Duration threshold, LoopThreads threads, BlockingCalls calls, SourceFiles sourceFiles) {
		this.threads = threads;
		this.calls = calls;
		this.sourceFiles = sourceFiles;
		this.stream.setMaxAge(MAX_AGE);
		this.stream.setMaxSize(MAX_SIZE);
		// Nobody cares which of two loops was first.
		this.stream.setOrdered(false);
		look("jdk.ThreadSleep", BlockingKind.SLEEP, threshold);
		look("jdk.ThreadPark", BlockingKind.PARK, threshold);
		look("jdk.JavaMonitorEnter", BlockingKind.MONITOR_ENTER, threshold);
		look("jdk.JavaMonitorWait", BlockingKind.MONITOR_WAIT, threshold);
		look("jdk.SocketRead", BlockingKind.SOCKET_READ, threshold);
		look("jdk.SocketWrite", BlockingKind.SOCKET_WRITE, threshold);
		look("jdk.FileRead", BlockingKind.FILE_READ, threshold);
		look("jdk.FileWrite", BlockingKind.FILE_WRITE, threshold);
		look("jdk.FileForce", BlockingKind.FILE_WRITE, threshold);
		// Has no length.
		look("jdk.ProcessStart", BlockingKind.PROCESS_START, Duration.ZERO);
	}

	private void look(String event, BlockingKind kind, Duration threshold) {
		this.stream.enable(event).withThreshold(threshold).withStackTrace();
		this.stream.onEvent(event, (recorded) -> {
			// Another recording of the process may ask for shorter ones, and we get both.
			if (recorded.getDuration().compareTo(threshold) >= 0) {
				add(kind, recorded);
			}
		});
	}

	/**
	 * Record, and tell of what is recorded, until this is closed.
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
		if (!isNettysOwn(kind, stack)) {
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
		return new StackTraceElement(className, method.getName(), this.sourceFiles.of(className), line);
	}

	/**
	 * Netty's channels do not block, but the thread may lose its processor in the middle
	 * of a read.
	 */
	private static boolean isNettysOwn(BlockingKind kind, StackTraceElement[] stack) {
		if (kind != BlockingKind.SOCKET_READ && kind != BlockingKind.SOCKET_WRITE) {
			return false;
		}
		for (StackTraceElement frame : stack) {
			if (!isJdk(frame.getClassName())) {
				return frame.getClassName().startsWith("io.netty.");
			}
		}
		return false;
	}

	private static boolean isJdk(String className) {
		return className.startsWith("java.") || className.startsWith("sun.") || className.startsWith("jdk.");
	}

	@Override
	public void close() {
		this.stream.close();
	}

}
