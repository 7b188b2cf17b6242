package io.github.eventloop.blocking;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.Announcer;
import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.StackReader;

/**
 * The blocking calls that a {@link BlockingDetector} saw on loops, grouped by kind and
 * culprit. Keeps {@value #CAPACITY} groups at most: where there are more, the one goes
 * that was not seen for the longest time.
 * <p>
 * Thread-safe. The lock is held for microseconds, and never by an event loop's own work.
 *
 * @since 0.1.0
 */
public final class BlockingCalls {

	private static final Log logger = LogFactory.getLog(BlockingCalls.class);

	private static final int CAPACITY = 200;

	private static final long LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final StackReader reader;

	private final List<BlockingListener> listeners = new CopyOnWriteArrayList<>();

	/** A log that takes its time must not hold up the monitor's thread. */
	private final Announcer lines = Announcer.ofLog(8);

	/**
	 * How often listeners have failed, and when that was logged. Guarded by the lines.
	 */
	private long failures;

	private long failureLoggedAt;

	/** Guarded by itself. In the order in which they were seen last. */
	private final Map<Key, BlockingHotspot> hotspots = new LinkedHashMap<>(16, 0.75f, true) {

		private static final long serialVersionUID = 1;

		@Override
		protected boolean removeEldestEntry(Map.Entry<Key, BlockingHotspot> eldest) {
			return size() > CAPACITY;
		}

	};

	/**
	 * Create a table without calls.
	 * @param reader knows which line is to blame for a stack
	 */
	public BlockingCalls(StackReader reader) {
		this.reader = reader;
	}

	/**
	 * Tell a listener from now on.
	 * @param listener the listener
	 */
	public void addListener(BlockingListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Tell a listener no more.
	 * @param listener the listener
	 */
	public void removeListener(BlockingListener listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Return the calls, grouped by kind and culprit.
	 * @return the groups: those that took the most time first, and of the same time those
	 * with the most calls
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
	 * Forget all calls. Listeners are not told.
	 */
	public void clear() {
		synchronized (this.hotspots) {
			this.hotspots.clear();
		}
	}

	/**
	 * Add a call. Not to be called by a loop: it is free to take a lock and to log.
	 * @param kind what the loop waited for
	 * @param loop the name of the loop's thread
	 * @param length how long it took, or zero if that is not known
	 * @param endedAt when it ended
	 * @param stack the stack, innermost frame first
	 */
	void add(BlockingKind kind, String loop, Duration length, Instant endedAt, StackTraceElement... stack) {
		Culprit culprit = this.reader.culpritOf(stack);
		BlockingCall call = new BlockingCall(kind, culprit, loop, length, endedAt);
		synchronized (this.hotspots) {
			this.hotspots.compute(new Key(kind, culprit), (key, before) -> merge(before, call, stack));
		}
		for (BlockingListener listener : this.listeners) {
			try {
				listener.onBlockingCall(call);
			}
			catch (Throwable ex) {
				failed(ex);
			}
		}
	}

	/** There may be hundreds of calls a second. */
	private void failed(Throwable failure) {
		synchronized (this.lines) {
			long number = ++this.failures;
			long now = System.nanoTime();
			if (number == 1 || now - this.failureLoggedAt >= LOG_INTERVAL_NANOS) {
				this.failureLoggedAt = now;
				this.lines.announce(() -> logger.warn("A listener failed to take note of a blocking call (failure "
						+ number + " so far, logged at most once a minute)", failure));
			}
		}
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
