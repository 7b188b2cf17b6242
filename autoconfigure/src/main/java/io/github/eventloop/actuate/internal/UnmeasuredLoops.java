package io.github.eventloop.actuate.internal;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.internal.thread.LiveThreads;

/**
 * Inventory of the threads that look like event loops of Netty and are not monitored,
 * such as those of a Netty that is part of another library. A thread is recognized by its
 * class and its name, so the inventory is a hint rather than a proof.
 */
final class UnmeasuredLoops {

	/** Class of Netty's threads, whatever package a library has moved it to. */
	private static final String THREAD_CLASS = ".FastThreadLocalThread";

	/** Names that Netty and drivers give to event loops rather than to other threads. */
	private static final Pattern NAME = Pattern.compile("(?i)epoll|kqueue|uring|\\bnio|eventloop|-elg-|-io-");

	/** Names of threads of the second loop with the same name end with its number. */
	private static final Pattern DUPLICATE = Pattern.compile("#\\d+$");

	private static final int MAX_NAMES = 100;

	private UnmeasuredLoops() {
	}

	/**
	 * Return the names of the threads.
	 * @param snapshot the loops that are monitored
	 * @return the names in order, or {@code null} if there are none
	 */
	static @Nullable List<String> names(EventLoopSnapshot snapshot) {
		Set<String> monitored = snapshot.loops()
			.stream()
			.map(LoopSnapshot::name)
			.map((name) -> DUPLICATE.matcher(name).replaceFirst(""))
			.collect(Collectors.toSet());
		List<String> names = LiveThreads.all()
			.stream()
			.filter(UnmeasuredLoops::isNetty)
			.map(Thread::getName)
			.filter((name) -> NAME.matcher(name).find() && !monitored.contains(name))
			.sorted()
			.limit(MAX_NAMES)
			.toList();
		return names.isEmpty() ? null : names;
	}

	private static boolean isNetty(Thread thread) {
		for (Class<?> type = thread.getClass(); type != null; type = type.getSuperclass()) {
			if (type.getName().endsWith(THREAD_CLASS)) {
				return true;
			}
		}
		return false;
	}

}
