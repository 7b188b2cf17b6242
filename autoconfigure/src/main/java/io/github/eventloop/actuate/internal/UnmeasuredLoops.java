package io.github.eventloop.actuate.internal;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.internal.recorder.MonitoredThread;
import io.github.eventloop.monitor.internal.thread.LiveThreads;

/**
 * Search for threads that look like event loops of Netty and are not measured. There is
 * no way from a thread to its loop, so the evidence is the class of the thread, which
 * Netty's own thread factories determine, together with its name. Runs for a request
 * only; it neither stops a thread nor reads a stack.
 */
public final class UnmeasuredLoops {

	/** Superclass of Netty's threads, below the package into which Netty is relocated. */
	private static final String NETTY_THREAD = "io.netty.util.concurrent.FastThreadLocalThread";

	/** Distinguishes loops from Netty's other threads, which run tasks and timers. */
	private static final Pattern LOOP_NAME = Pattern
		.compile("(?i)event-?loop|-ELG-|-(nio|epoll|kqueue|uring|io_uring)-|-n?io(-|$)|netty|driverio");

	private static final Pattern OTHER_NAME = Pattern.compile("(?i)executor|timer|worker-thread|blocking|computation");

	/** The AWS SDK has threads of the JDK. */
	private static final String AWS = "aws-java-sdk-NettyEventLoop";

	private static final Pattern NUMBERS = Pattern.compile("([-#.]\\d+)+$");

	private static final int MAX_ITEMS = 20;

	private UnmeasuredLoops() {
	}

	/**
	 * Return the threads, by name without the number.
	 * @param measured the names of the threads of all measured loops
	 * @return at most 20 groups of threads, ordered by name
	 */
	static List<UnmeasuredDescriptor> find(Set<String> measured) {
		Map<String, UnmeasuredDescriptor> found = new HashMap<>();
		for (Thread thread : threads(measured)) {
			UnmeasuredDescriptor loops = describe(thread);
			if (loops != null) {
				found.merge(loops.name(), loops, UnmeasuredDescriptor::plus);
			}
		}
		return found.values()
			.stream()
			.sorted(Comparator.comparing(UnmeasuredDescriptor::name))
			.limit(MAX_ITEMS)
			.toList();
	}

	/**
	 * Return the threads by their names.
	 * @param measured the names of the threads of all measured loops
	 * @return the threads and their states
	 */
	public static Map<String, Thread.State> states(Set<String> measured) {
		Map<String, Thread.State> states = new TreeMap<>();
		for (Thread thread : threads(measured)) {
			if (describe(thread) != null) {
				states.put(thread.getName(), thread.getState());
			}
		}
		return states;
	}

	private static List<Thread> threads(Set<String> measured) {
		return LiveThreads.all()
			.stream()
			.filter((thread) -> !(thread instanceof MonitoredThread) && !measured.contains(thread.getName()))
			.toList();
	}

	private static @Nullable UnmeasuredDescriptor describe(Thread thread) {
		String name = thread.getName();
		if (name.startsWith(AWS)) {
			return new UnmeasuredDescriptor(AWS, 1, "the AWS SDK creates these loops itself",
					"declare an EventLoopGroup as a bean and pass it to SdkEventLoopGroup.create(group, channelFactory)");
		}
		// First the class, as most threads are not Netty's and patterns are slow.
		String netty = nettyOf(thread.getClass());
		if (netty == null || !LOOP_NAME.matcher(name).find() || OTHER_NAME.matcher(name).find()) {
			return null;
		}
		return UnmeasuredDescriptor.of(NUMBERS.matcher(name).replaceAll(""), netty);
	}

	/**
	 * Return the package below which the thread's Netty is, empty if it is not relocated,
	 * or {@code null} if the thread is not one of Netty.
	 */
	private static @Nullable String nettyOf(Class<?> threadClass) {
		for (Class<?> type = threadClass; type != Thread.class && type != null; type = type.getSuperclass()) {
			if (type.getName().endsWith(NETTY_THREAD)) {
				return type.getName().substring(0, type.getName().length() - NETTY_THREAD.length());
			}
		}
		return null;
	}

}
