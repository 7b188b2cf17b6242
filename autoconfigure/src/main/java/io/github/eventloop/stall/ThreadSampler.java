package io.github.eventloop.stall;

import java.lang.Thread.State;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;

import org.jspecify.annotations.Nullable;

/**
 * Looks at what a thread is doing. State, stack and lock are of one instant: the JVM
 * stops the thread for some of the 0.2 milliseconds that a look takes.
 */
final class ThreadSampler {

	/** Bounds what a recursion that went wrong can make us look at. */
	private static final int DEEPEST_STACK = 8192;

	/**
	 * Bounds what it can make us keep: as many of the innermost frames, which say what
	 * the thread does, and of the outermost, which say who began it.
	 */
	private static final int MOST_FRAMES = 256;

	/** Where the JDK's native methods wait for the operating system. */
	private static final List<String> IO_PACKAGES = List.of("java.io.", "java.net.", "java.nio.", "sun.nio.",
			"sun.net.", "jdk.net.", "java.lang.Process");

	/** Waits for a socket, though it parks until another thread has read from it. */
	private static final String HTTP_CLIENT = "jdk.internal.net.http.HttpClientImpl";

	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	private final StackReader reader;

	private final LongFunction<OsThreadState> osStates;

	ThreadSampler(StackReader reader) {
		this(reader, OsThreadState::of);
	}

	/**
	 * Create a sampler.
	 * @param reader knows whose code is whose
	 * @param osStates tells the state of a thread, asked for by its number
	 */
	ThreadSampler(StackReader reader, LongFunction<OsThreadState> osStates) {
		this.reader = reader;
		this.osStates = osStates;
	}

	/**
	 * Look at a thread.
	 * @param thread the thread
	 * @param osThreadId what the operating system calls it, or -1
	 * @return what it does, yet without an instant; {@code null} if it has ended
	 */
	@SuppressWarnings("deprecation") // threadId() came with JDK 19
	@Nullable Sample sample(Thread thread, long osThreadId) {
		// Before the JVM stops the thread, for then it waits for the JVM.
		OsThreadState osState = this.osStates.apply(osThreadId);
		ThreadInfo info = this.threads.getThreadInfo(thread.getId(), DEEPEST_STACK);
		if (info == null) {
			return null;
		}
		StackTraceElement[] stack = visible(info.getStackTrace());
		if (osState == OsThreadState.SLEEPING && !isNative(stack)) {
			// Java code sleeps while the JVM makes it wait: this long only if it does so
			// for another reason than a collection, which is over by now.
			osState = this.osStates.apply(osThreadId);
		}
		StallCause cause = causeOf(info.getThreadState(), stack, osState);
		return new Sample(0, cause, stack, (info.getLockOwnerId() >= 0) ? owner(info.getLockOwnerId()) : null, null);
	}

	/**
	 * Leave out the frames that the JVM makes up for lambdas, as stack traces do: they
	 * have no source, and names of their own in each process. And the middle of a stack
	 * that is too deep.
	 */
	private static StackTraceElement[] visible(StackTraceElement[] stack) {
		StackTraceElement[] visible = Arrays.stream(stack)
			.filter((frame) -> !frame.getClassName().contains("$$Lambda")
					&& !frame.getClassName().startsWith("java.lang.invoke.LambdaForm$"))
			.toArray(StackTraceElement[]::new);
		if (visible.length <= 2 * MOST_FRAMES) {
			return visible;
		}
		StackTraceElement[] ends = Arrays.copyOf(visible, 2 * MOST_FRAMES);
		System.arraycopy(visible, visible.length - MOST_FRAMES, ends, MOST_FRAMES, MOST_FRAMES);
		return ends;
	}

	private @Nullable LockOwner owner(long id) {
		ThreadInfo info = this.threads.getThreadInfo(id, DEEPEST_STACK);
		if (info == null) {
			return null;
		}
		StackTraceElement[] stack = visible(info.getStackTrace());
		Culprit at = this.reader.culpritOf(stack);
		if (at == null && stack.length > 0) {
			at = ReadableFrame.culpritOf(stack[0]);
		}
		return new LockOwner(ReadableFrame.printable(info.getThreadName()), at);
	}

	static StallCause causeOf(State state, StackTraceElement[] stack, OsThreadState osState) {
		return switch (state) {
			case BLOCKED -> StallCause.LOCK;
			case WAITING, TIMED_WAITING -> causeOfWait(stack);
			default -> causeOfRunning(stack, osState);
		};
	}

	private static StallCause causeOfWait(StackTraceElement[] stack) {
		if (stack.length > 0 && stack[0].getClassName().equals("java.lang.Thread")
				&& stack[0].getMethodName().startsWith("sleep")) {
			return StallCause.SLEEPING;
		}
		for (StackTraceElement frame : stack) {
			if (frame.getClassName().equals(HTTP_CLIENT) && frame.getMethodName().equals("send")) {
				return StallCause.BLOCKING_IO;
			}
		}
		return StallCause.WAITING;
	}

	/** To Java, a thread that waits in a native method runs. */
	private static StallCause causeOfRunning(StackTraceElement[] stack, OsThreadState osState) {
		boolean isNative = isNative(stack);
		if (isNative && IO_PACKAGES.stream().anyMatch(stack[0].getClassName()::startsWith)) {
			return StallCause.BLOCKING_IO;
		}
		return switch (osState) {
			case DISK -> StallCause.BLOCKING_IO;
			case SLEEPING -> causeOfSleeping(stack, isNative);
			default -> StallCause.COMPUTING;
		};
	}

	private static boolean isNative(StackTraceElement[] stack) {
		return stack.length > 0 && stack[0].isNativeMethod();
	}

	/**
	 * A native method of a library asked the operating system for something. Those of the
	 * JDK that are left wait for the JVM, which collects garbage or loads a class.
	 */
	private static StallCause causeOfSleeping(StackTraceElement[] stack, boolean isNative) {
		if (!isNative) {
			return StallCause.WAITING;
		}
		return stack[0].getClassName().startsWith("java.") ? StallCause.COMPUTING : StallCause.BLOCKING_IO;
	}

}
