package io.github.eventloop.monitor.internal.pause;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import org.jspecify.annotations.Nullable;

/**
 * Source of the pauses for garbage collection, with the millisecond precision of the
 * JVM's collectors. A JVM thread delivers a notification after each collection, on a busy
 * machine long after it; the last collection can also be {@linkplain #catchUp() polled}.
 * There is no cost between collections.
 * <p>
 * Thread-safe: guarded by itself.
 */
final class GarbageCollections {

	private final NotificationListener listener = this::handle;

	/** Longest delay between the start of the JVM's clock and that of its collectors. */
	private static final long LATEST_START_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

	/**
	 * When the collectors' clock was at 0, which the JVM does not expose. An upper bound
	 * that is lowered with each collection: none is reported before it has ended, and the
	 * smallest delay so far is taken to be 0.
	 */
	private long clockOrigin = System.nanoTime() + LATEST_START_NANOS
			- TimeUnit.MILLISECONDS.toNanos(ManagementFactory.getRuntimeMXBean().getUptime());

	/** All pauses of the process. */
	private final Pauses pauses;

	/** The pauses for garbage collection among them. */
	private final Pauses collections = new Pauses();

	/** The cycles of concurrent collectors. */
	private final Pauses cycles = new Pauses();

	/** The collectors that the listener is registered with, by name. */
	private final Map<String, Collector> collectors = new HashMap<>();

	GarbageCollections(Pauses pauses) {
		this.pauses = pauses;
	}

	/** Register the listener with all collectors. */
	synchronized void open() {
		for (GarbageCollectorMXBean bean : ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class)) {
			if (bean instanceof NotificationEmitter emitter) {
				// In this order, so that no collection falls between the two.
				emitter.addNotificationListener(this.listener, null, null);
				this.collectors.put(bean.getName(), new Collector(bean));
			}
		}
	}

	private void handle(Notification notification, Object handback) {
		if (GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION.equals(notification.getType())) {
			GarbageCollectionNotificationInfo info = GarbageCollectionNotificationInfo
				.from((CompositeData) notification.getUserData());
			handle(info.getGcName(), info.getGcInfo());
		}
	}

	private synchronized void handle(String name, GcInfo collection) {
		Collector collector = this.collectors.get(name);
		if (collector != null && collector.onNotification(collection.getId())) {
			add(name, collection);
		}
	}

	/**
	 * Poll the last collection of each collector, because its notification may be late: a
	 * caller that resumes after a pause would miss it otherwise. Only reads a counter
	 * unless there was another collection.
	 */
	synchronized void catchUp() {
		this.collectors.forEach((name, collector) -> {
			GcInfo last = collector.poll();
			if (last != null) {
				add(name, last);
			}
		});
	}

	private void add(String collector, GcInfo collection) {
		// For concurrent cycles as well, because each collection improves the origin.
		long end = instantOf(collection.getEndTime(), System.nanoTime());
		long begin = end - TimeUnit.MILLISECONDS.toNanos(collection.getDuration());
		if (!isStopTheWorld(collector)) {
			this.cycles.add(begin, end);
		}
		else if (collection.getDuration() > 0) {
			this.pauses.add(begin, end);
			this.collections.add(begin, end);
		}
	}

	/** Convert a time of the collectors' clock: notifications may be late. */
	private long instantOf(long millis, long now) {
		long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
		if (now - nanos - this.clockOrigin < 0) {
			this.clockOrigin = now - nanos;
		}
		return this.clockOrigin + nanos;
	}

	/**
	 * Return whether the application is paused during what a collector reports as a
	 * collection. Concurrent collectors report whole cycles in addition to their pauses,
	 * except "G1 Concurrent GC" of JDK 20 and later, which reports the pauses of its
	 * cycles.
	 */
	static boolean isStopTheWorld(String collector) {
		return !collector.endsWith("Cycles");
	}

	/**
	 * Return for how long in a period the application was paused for garbage collection.
	 * @param from the start of the period
	 * @param to the end of the period
	 * @return the time in nanoseconds, of the collections known so far
	 */
	long within(long from, long to) {
		catchUp();
		return this.collections.within(from, to);
	}

	/**
	 * Return for how long in a period a collector ran concurrently with the application.
	 * @param from the start of the period
	 * @param to the end of the period
	 * @return the time in nanoseconds, of the cycles known so far
	 */
	long cyclesWithin(long from, long to) {
		catchUp();
		return this.cycles.within(from, to);
	}

	/**
	 * Return whether all collections are known, from notifications or from polls.
	 * @return whether no notification of an unknown collection is outstanding
	 */
	synchronized boolean isUpToDate() {
		catchUp();
		return this.collectors.values().stream().allMatch(Collector::isUpToDate);
	}

	/**
	 * Discard what ended before an instant.
	 * @param oldest the instant
	 */
	void forget(long oldest) {
		this.collections.account(oldest);
		this.cycles.account(oldest);
	}

	synchronized void close() {
		this.collectors.values().forEach((collector) -> {
			try {
				((NotificationEmitter) collector.bean).removeNotificationListener(this.listener);
			}
			catch (ListenerNotFoundException ex) {
				// Removed already.
			}
		});
		this.collectors.clear();
	}

	/**
	 * A collector and the collections of it that are known. They are numbered from 1, and
	 * their notifications arrive in this order. Not thread-safe.
	 */
	static final class Collector {

		private final GarbageCollectorMXBean bean;

		/** The number of the last collection that was polled. */
		private long last;

		/** The number of the last collection with a notification. */
		private long notified;

		/** The numbers of later collections that are known from polls. */
		private final Set<Long> polled = new HashSet<>();

		/** Create a collector whose past collections all count as known. */
		Collector(GarbageCollectorMXBean bean) {
			this.bean = bean;
			poll();
			this.notified = this.last;
			this.polled.clear();
		}

		/** Record a notification, and return whether its collection was unknown. */
		boolean onNotification(long number) {
			boolean isNew = number > this.notified && !this.polled.remove(number);
			this.notified = Math.max(this.notified, number);
			return isNew;
		}

		/** Return the last collection if it was unknown, or {@code null}. */
		@Nullable GcInfo poll() {
			if (this.bean.getCollectionCount() == this.last) {
				return null;
			}
			GcInfo info = this.bean.getLastGcInfo();
			this.last = (info != null) ? info.getId() : this.last;
			return (this.last > this.notified && this.polled.add(this.last)) ? info : null;
		}

		boolean isUpToDate() {
			return this.last <= this.notified + this.polled.size();
		}

	}

}
