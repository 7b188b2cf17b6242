package io.github.eventloop.monitor;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;

/**
 * Reports the pauses that the JVM's garbage collectors tell of, to the millisecond that
 * they tell them with. Called by a thread of the JVM after each collection, on a busy
 * machine long after it; costs nothing in between.
 * <p>
 * Thread-safe.
 */
final class GarbageCollections {

	private final NotificationListener listener = this::handle;

	/** The collectors' clock starts that much later than the JVM's own at most. */
	private static final long LATEST_START_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

	/**
	 * When the collectors' clock stood at 0, which nobody tells: news cannot come before
	 * the collection has ended, and the promptest so far came at once. Guarded by this.
	 */
	private long zero = System.nanoTime() + LATEST_START_NANOS
			- TimeUnit.MILLISECONDS.toNanos(ManagementFactory.getRuntimeMXBean().getUptime());

	/** All pauses of the process. */
	private final Pauses pauses;

	/** These of them. */
	private final Pauses collections = new Pauses();

	/** The number of the last collection that each collector has told of, by its name. */
	private final Map<String, Long> told = new ConcurrentHashMap<>();

	GarbageCollections(Pauses pauses) {
		this.pauses = pauses;
	}

	/** Listen to all collectors. */
	void open() {
		for (GarbageCollectorMXBean collector : collectors()) {
			// In this order: what comes in between is told of, or is the last already.
			((NotificationEmitter) collector).addNotificationListener(this.listener, null, null);
			this.told.merge(collector.getName(), lastOf(collector), Math::max);
		}
	}

	private static List<GarbageCollectorMXBean> collectors() {
		return ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class)
			.stream()
			.filter(NotificationEmitter.class::isInstance)
			.toList();
	}

	private static long lastOf(GarbageCollectorMXBean collector) {
		GcInfo last = collector.getLastGcInfo();
		return (last != null) ? last.getId() : 0;
	}

	private void handle(Notification notification, Object handback) {
		if (GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION.equals(notification.getType())) {
			GarbageCollectionNotificationInfo collection = GarbageCollectionNotificationInfo
				.from((CompositeData) notification.getUserData());
			GcInfo info = collection.getGcInfo();
			if (info.getDuration() > 0 && pauses(collection.getGcName(), collection.getGcCause())) {
				long end = instantOf(info.getEndTime(), System.nanoTime());
				long begin = end - TimeUnit.MILLISECONDS.toNanos(info.getDuration());
				this.pauses.add(begin, end);
				this.collections.add(begin, end);
			}
			this.told.merge(collection.getGcName(), info.getId(), Math::max);
		}
	}

	/** The news may be late, so that it came says little about when it happened. */
	private synchronized long instantOf(long millis, long now) {
		long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
		if (now - nanos - this.zero < 0) {
			this.zero = now - nanos;
		}
		return this.zero + nanos;
	}

	/**
	 * Whether the application stands still during such a collection. The concurrent
	 * collectors report whole cycles beside their pauses.
	 */
	static boolean pauses(String collector, String cause) {
		return !"No GC".equals(cause) && !collector.endsWith("Cycles");
	}

	/**
	 * Return for how much of some time garbage was collected.
	 * @param from when the time began
	 * @param to when it ended
	 * @return the part of it in nanoseconds, as far as it was told
	 */
	long within(long from, long to) {
		return this.collections.within(from, to);
	}

	/**
	 * Return whether the collectors have told of all their collections.
	 * @return whether no news is on its way
	 */
	boolean isUpToDate() {
		return collectors().stream()
			.allMatch((collector) -> lastOf(collector) <= this.told.getOrDefault(collector.getName(), Long.MAX_VALUE));
	}

	/**
	 * Forget what is of no interest any more.
	 * @param oldest before which instant
	 */
	void forget(long oldest) {
		this.collections.account(oldest);
	}

	void close() {
		for (GarbageCollectorMXBean collector : collectors()) {
			try {
				((NotificationEmitter) collector).removeNotificationListener(this.listener);
			}
			catch (ListenerNotFoundException ex) {
				// Gone already, as we want it.
			}
		}
		this.told.clear();
	}

}
