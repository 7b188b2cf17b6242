package io.github.eventloop.blocking;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.internal.thread.FailureLog;
import io.github.eventloop.monitor.internal.thread.Isolated;
import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.internal.record.BoundedTable;

/**
 * The blocking calls that a {@link BlockingDetector} has detected on event loops, grouped
 * by kind and culprit. Keeps up to {@value #CAPACITY} groups, and evicts the least
 * recently seen one when there are more.
 * <p>
 * Thread-safe. The lock is held for microseconds, and is never taken on an event loop
 * thread by the library.
 *
 * @since 0.1.0
 */
public final class BlockingCalls {

	private static final int CAPACITY = 200;

	private final StackReader reader;

	private final List<BlockingListener> listeners = new CopyOnWriteArrayList<>();

	private final FailureLog failures = new FailureLog(LogFactory.getLog(BlockingCalls.class));

	/** Guarded by itself. */
	private final Map<Key, BlockingHotspot> hotspots = new BoundedTable<>(CAPACITY);

	/**
	 * Create an empty table.
	 * @param reader determines the culprit of a stack
	 */
	public BlockingCalls(StackReader reader) {
		this.reader = reader;
	}

	/**
	 * Add a listener that is notified of each call from now on.
	 * @param listener the listener
	 */
	public void addListener(BlockingListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Remove a listener.
	 * @param listener the listener
	 */
	public void removeListener(BlockingListener listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Return the calls, grouped by kind and culprit.
	 * @return the groups, those that took the most time first, and those with the most
	 * calls first if the time is equal
	 */
	public List<BlockingHotspot> list() {
		synchronized (this.hotspots) {
			return this.hotspots.values()
				.stream()
				.sorted(Comparator.comparing(BlockingHotspot::total)
					.thenComparing(BlockingHotspot::count)
					.thenComparing(BlockingHotspot::lastSeenAt)
					.reversed())
				.toList();
		}
	}

	/**
	 * Remove all calls. Listeners are not notified.
	 */
	public void clear() {
		synchronized (this.hotspots) {
			this.hotspots.clear();
		}
	}

	/**
	 * Add a call. Must not be called on an event loop thread, because it takes a lock and
	 * calls the listeners.
	 * @param kind what the loop waited for
	 * @param loop the name of the event loop thread
	 * @param length how long the call took, or zero if that is not known
	 * @param endedAt when the call ended
	 * @param stack the stack, innermost frame first
	 */
	public void add(BlockingKind kind, String loop, Duration length, Instant endedAt, StackTraceElement... stack) {
		Culprit culprit = this.reader.culpritOf(stack);
		BlockingCall call = new BlockingCall(kind, culprit, loop, length, endedAt);
		synchronized (this.hotspots) {
			this.hotspots.compute(new Key(kind, culprit), (key, before) -> merge(before, call, stack));
		}
		Isolated
			.forEach(this.listeners, (listener) -> listener.onBlockingCall(call), (listener, failure) -> this.failures
				.failed("Listener for blocking calls threw an exception: " + listener.getClass().getName(), failure));
	}

	private BlockingHotspot merge(@Nullable BlockingHotspot before, BlockingCall call, StackTraceElement[] stack) {
		if (before == null) {
			return new BlockingHotspot(call.kind(), call.culprit(), 1, call.length(), call.length(), call.endedAt(),
					call.loop(), this.reader.fold(stack));
		}
		boolean longer = call.length().compareTo(before.max()) > 0;
		boolean newer = !call.endedAt().isBefore(before.lastSeenAt());
		return new BlockingHotspot(before.kind(), before.culprit(), before.count() + 1,
				before.total().plus(call.length()), longer ? call.length() : before.max(),
				newer ? call.endedAt() : before.lastSeenAt(), newer ? call.loop() : before.lastLoop(),
				longer ? this.reader.fold(stack) : before.stack());
	}

	private record Key(BlockingKind kind, @Nullable Culprit culprit) {
	}

}
