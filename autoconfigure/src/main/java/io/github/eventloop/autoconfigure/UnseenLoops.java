package io.github.eventloop.autoconfigure;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSnapshot;

/**
 * Event loop threads that are not monitored, recognized by the names that Netty and the
 * libraries that use it give them.
 */
final class UnseenLoops {

	/**
	 * The names of Netty's groups, of Reactor Netty's transports, and of gRPC, Vert.x and
	 * the AWS SDK; not the threads of this library.
	 */
	private static final Pattern NAME = Pattern
		.compile("(?!eventloop-).*(?:(?i:eventloop).*\\d|-(?:epoll|nio|kqueue|uring|ELG)(?:-\\d+)+)");

	private UnseenLoops() {
	}

	static Map<String, Thread.State> find(EventLoopMonitor monitor) {
		Set<String> monitored = monitor.snapshot().loops().stream().map(LoopSnapshot::name).collect(Collectors.toSet());
		return threads().filter((thread) -> NAME.matcher(thread.getName()).matches())
			.filter((thread) -> !monitored.contains(thread.getName()))
			.collect(Collectors.toMap(Thread::getName, Thread::getState, (one, other) -> one, TreeMap::new));
	}

	/** Enumerate threads without stopping them, in contrast to a thread dump. */
	private static Stream<Thread> threads() {
		ThreadGroup root = Thread.currentThread().getThreadGroup();
		while (root.getParent() != null) {
			root = root.getParent();
		}
		// Threads that are started in the meantime are missed.
		Thread[] threads = new Thread[root.activeCount() + 16];
		root.enumerate(threads);
		return Arrays.stream(threads).filter(Objects::nonNull);
	}

}
