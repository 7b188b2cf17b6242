package io.github.eventloop.stall.internal.sample;

import java.lang.Thread.State;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.internal.thread.VirtualThreads;
import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.LockOwner;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.internal.stack.ClassLoading;
import io.github.eventloop.stall.internal.stack.ReadableFrame;

/**
 * Sampler of thread states and stacks. State, stack and lock of all sampled threads
 * belong to one instant, because the JVM reads them at a safepoint. A safepoint stops all
 * threads of the process, for some of the 0.2 milliseconds that a sample takes. Therefore
 * threads are sampled together in one safepoint, and in a second one if any of them waits
 * for a lock, to sample the owners of the locks.
 * <p>
 * Of a virtual thread, the JVM reports state and stack only one after the other, and not
 * the lock. One that is ready to run may be on a CPU or wait for its carrier.
 */
public final class ThreadSampler {

	/** Bounds the frames that are read of a stack with an endless recursion. */
	private static final int MAX_DEPTH = 8192;

	/**
	 * Bounds the frames that are kept: this many of the innermost, which show what the
	 * thread is doing, and this many of the outermost, which show where the call started.
	 */
	private static final int MAX_FRAMES = 256;

	/** Packages whose native methods wait for the operating system. */
	private static final List<String> IO_PACKAGES = List.of("java.io.", "java.net.", "java.nio.", "sun.nio.",
			"sun.net.", "jdk.net.", "java.lang.Process");

	/** Packages whose other native methods do not wait for the operating system. */
	private static final List<String> NON_BLOCKING = List.of("java.", "io.netty.");

	/** Frames between a wait and the thread that parks for it, if it is virtual. */
	private static final Set<String> VIRTUAL_PARKING = Set.of("java.lang.VirtualThread", "jdk.internal.misc.Unsafe");

	/** Waits for a socket, although it parks until another thread has read from it. */
	private static final String HTTP_CLIENT = "jdk.internal.net.http.HttpClientImpl";

	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	private final StackReader reader;

	private final LongFunction<OsThreadState> osStates;

	public ThreadSampler(StackReader reader) {
		this(reader, OsThreadState::of);
	}

	/**
	 * Create a sampler.
	 * @param reader finds the culprit in a stack
	 * @param osStates returns the state of a thread by the operating system's id
	 */
	public ThreadSampler(StackReader reader, LongFunction<OsThreadState> osStates) {
		this.reader = reader;
		this.osStates = osStates;
	}

	/**
	 * Sample threads. Those that are not virtual are sampled at the same instant.
	 * @param targets the threads
	 * @return a sample for each thread that has not ended, without instant and request
	 */
	public Map<Thread, Sample> sample(List<Target> targets) {
		Map<Boolean, List<Target>> byKind = targets.stream()
			.collect(Collectors.partitioningBy((target) -> VirtualThreads.isVirtual(target.thread)));
		Map<Thread, Sample> samples = samplePlatformThreads(byKind.getOrDefault(false, List.of()));
		for (Target target : byKind.getOrDefault(true, List.of())) {
			if (target.thread.isAlive()) {
				samples.put(target.thread, sampleVirtualThread(target.thread));
			}
		}
		return samples;
	}

	@SuppressWarnings("deprecation") // threadId() came with JDK 19
	private Map<Thread, Sample> samplePlatformThreads(List<Target> targets) {
		// Read before the safepoint, at which the threads wait for the JVM.
		OsThreadState[] osStates = new OsThreadState[targets.size()];
		long[] ids = new long[targets.size()];
		for (int i = 0; i < ids.length; i++) {
			osStates[i] = this.osStates.apply(targets.get(i).osThreadId);
			ids[i] = targets.get(i).thread.getId();
		}
		@Nullable ThreadInfo[] infos = infosOf(ids);
		Map<Long, LockOwner> owners = ownersOfLocks(infos);
		Map<Thread, Sample> samples = new HashMap<>();
		for (int i = 0; i < infos.length; i++) {
			ThreadInfo info = infos[i];
			if (info != null) {
				samples.put(targets.get(i).thread, sample(targets.get(i), osStates[i], info, owners));
			}
		}
		return samples;
	}

	private static Sample sampleVirtualThread(Thread thread) {
		State state = thread.getState();
		StackTraceElement[] stack = visible(thread.getStackTrace());
		StackTraceElement[] called = Arrays.stream(stack)
			.dropWhile((frame) -> VIRTUAL_PARKING.contains(frame.getClassName()))
			.toArray(StackTraceElement[]::new);
		StallCause cause = (state == thread.getState()) ? causeOf(state, called, OsThreadState.UNKNOWN)
				: StallCause.UNKNOWN;
		return new Sample(0, (cause == StallCause.COMPUTING) ? StallCause.UNKNOWN : cause, stack, null, null);
	}

	/** Take one safepoint, or none without ids. */
	private @Nullable ThreadInfo[] infosOf(long[] ids) {
		return (ids.length > 0) ? this.threads.getThreadInfo(ids, MAX_DEPTH) : new ThreadInfo[0];
	}

	private Sample sample(Target target, OsThreadState osStateBefore, ThreadInfo info, Map<Long, LockOwner> owners) {
		OsThreadState osState = osStateBefore;
		StackTraceElement[] stack = visible(info.getStackTrace());
		if (osState == OsThreadState.SLEEPING && !isNative(stack)) {
			// Java code sleeps while the JVM makes it wait. If it still does, this is not
			// because of a collection, which is over by now.
			osState = this.osStates.apply(target.osThreadId);
		}
		StallCause cause = causeOf(info.getThreadState(), stack, osState);
		LockOwner owner = waitsForOwner(info) ? owners.get(info.getLockOwnerId()) : null;
		return new Sample(0, cause, stack, owner, null);
	}

	/**
	 * Remove the frames that the JVM generates for lambdas, as stack traces do: they have
	 * no source, and their names differ between processes. Also remove the middle of a
	 * stack that is too deep.
	 */
	private static StackTraceElement[] visible(StackTraceElement[] stack) {
		StackTraceElement[] visible = new StackTraceElement[stack.length];
		int length = 0;
		for (StackTraceElement frame : stack) {
			if (!frame.getClassName().contains("$$Lambda")
					&& !frame.getClassName().startsWith("java.lang.invoke.LambdaForm$")) {
				visible[length++] = frame;
			}
		}
		if (length <= 2 * MAX_FRAMES) {
			return Arrays.copyOf(visible, length);
		}
		StackTraceElement[] ends = Arrays.copyOf(visible, 2 * MAX_FRAMES);
		System.arraycopy(visible, length - MAX_FRAMES, ends, MAX_FRAMES, MAX_FRAMES);
		return ends;
	}

	/**
	 * A thread in {@code Object.wait} waits for a notification, not for the thread that
	 * currently holds the monitor.
	 */
	private static boolean waitsForOwner(@Nullable ThreadInfo info) {
		if (info == null || info.getLockOwnerId() < 0) {
			return false;
		}
		StackTraceElement[] stack = info.getStackTrace();
		boolean notified = stack.length > 0 && stack[0].getClassName().equals("java.lang.Object")
				&& stack[0].getMethodName().startsWith("wait");
		return !notified;
	}

	private Map<Long, LockOwner> ownersOfLocks(@Nullable ThreadInfo[] waiting) {
		Map<Long, LockOwner> owners = new HashMap<>();
		long[] ids = new long[waiting.length];
		int length = 0;
		for (ThreadInfo info : waiting) {
			if (info != null && waitsForOwner(info)) {
				ids[length++] = info.getLockOwnerId();
			}
		}
		for (ThreadInfo owner : infosOf(Arrays.copyOf(ids, length))) {
			if (owner != null) {
				owners.put(owner.getThreadId(), owner(owner));
			}
		}
		return owners;
	}

	private LockOwner owner(ThreadInfo info) {
		StackTraceElement[] stack = visible(info.getStackTrace());
		Culprit at = this.reader.culpritOf(stack);
		if (at == null && stack.length > 0) {
			at = ReadableFrame.culpritOf(stack[0]);
		}
		return new LockOwner(ReadableFrame.printable(info.getThreadName()), at, ClassLoading.isIn(stack));
	}

	public static StallCause causeOf(State state, StackTraceElement[] stack, OsThreadState osState) {
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

	/** A thread that waits in a native method is runnable for Java. */
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
	 * A native method of a library waits for the operating system, but those of Netty do
	 * not block. Any other sleeping thread waits for the JVM, which stops it, loads a
	 * class or has no memory for it.
	 */
	private static StallCause causeOfSleeping(StackTraceElement[] stack, boolean isNative) {
		boolean blocks = isNative && NON_BLOCKING.stream().noneMatch(stack[0].getClassName()::startsWith);
		return blocks ? StallCause.BLOCKING_IO : StallCause.UNKNOWN;
	}

	/**
	 * A thread to sample.
	 *
	 * @param thread the thread
	 * @param osThreadId the operating system's id of the thread, or -1
	 */
	public record Target(Thread thread, long osThreadId) {
	}

}
