package io.github.eventloop.monitor;

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
 * Reports the pauses that the JVM's garbage collectors tell of, to the millisecond that
 * they tell them with. A thread of the JVM brings the news after each collection, on a
 * busy machine long after it; whoever cannot wait for that asks for the
 * {@linkplain #catchUp() last} one. Costs nothing in between.
 * <p>
 * Thread-safe: guarded by itself.
 */
final class GarbageCollections {

	private final NotificationListener listener = this::handle;

	/** The collectors' clock starts that much later than the JVM's own at most. */
	private static final long LATEST_START_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

	/**
	 * When the collectors' clock stood at 0, which nobody tells: news cannot come before
	 * the collection has ended, and the promptest so far came at once.
	 */
	private long zero = System.nanoTime() + LATEST_START_NANOS
			- TimeUnit.MILLISECONDS.toNanos(ManagementFactory.getRuntimeMXBean().getUptime());

	/** All pauses of the process. */
	private final Pauses pauses;

	/** These of them. */
	private final Pauses collections = new Pauses();

	/** The cycles of collectors that work beside the application. */
	private final Pauses cycles = new Pauses();

	/** Those that are listened to, by their names. */
	private final Map<String, Collector> collectors = new HashMap<>();

	GarbageCollections(Pauses pauses) {
		this.pauses = pauses;
	}

	/** Listen to all collectors. */
	synchronized void open() {
		for (GarbageCollectorMXBean bean : ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class)) {
			if (bean instanceof NotificationEmitter emitter) {
				// In this order: what comes from now on is told of.
				emitter.addNotificationListener(this.listener, null, null);
				this.collectors.put(bean.getName(), new Collector(bean));
			}
		}
	}

	private void handle(Notification notification, Object handback) {
		if (GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION.equals(notification.getType())) {
			GarbageCollectionNotificationInfo news = GarbageCollectionNotificationInfo
				.from((CompositeData) notification.getUserData());
			handle(news.getGcName(), news.getGcInfo());
		}
	}

	private synchronized void handle(String name, GcInfo collection) {
		Collector collector = this.collectors.get(name);
		if (collector != null && collector.hear(collection.getId())) {
			add(name, collection);
		}
	}

	/**
	 * Take in what each collector did last, whose news may still be on its way: whoever
	 * woke up from a pause would not know of it otherwise. Asks for no more than a number
	 * unless there is something new.
	 */
	synchronized void catchUp() {
		this.collectors.forEach((name, collector) -> {
			GcInfo last = collector.ask();
			if (last != null) {
				add(name, last);
			}
		});
	}

	private void add(String collector, GcInfo collection) {
		// Of any collection, for it places all of them in time.
		long end = instantOf(collection.getEndTime(), System.nanoTime());
		long begin = end - TimeUnit.MILLISECONDS.toNanos(collection.getDuration());
		if (!pauses(collector)) {
			this.cycles.add(begin, end);
		}
		else if (collection.getDuration() > 0) {
			this.pauses.add(begin, end);
			this.collections.add(begin, end);
		}
	}

	/** The news may be late, so that it came says little about when it happened. */
	private long instantOf(long millis, long now) {
		long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
		if (now - nanos - this.zero < 0) {
			this.zero = now - nanos;
		}
		return this.zero + nanos;
	}

	/**
	 * Whether the application stands still during what a collector tells of. Concurrent
	 * collectors tell of whole cycles beside their pauses. Not so "G1 Concurrent GC", of
	 * JDK 20 and later: it tells of the pauses of its cycles.
	 */
	static boolean pauses(String collector) {
		return !collector.endsWith("Cycles");
	}

	/**
	 * Return for how much of some time garbage was collected.
	 * @param from when the time began
	 * @param to when it ended
	 * @return the part of it in nanoseconds, as far as it was told
	 */
	long within(long from, long to) {
		catchUp();
		return this.collections.within(from, to);
	}

	/**
	 * Return for how much of some time a collector worked beside the application.
	 * @param from when the time began
	 * @param to when it ended
	 * @return the part of it in nanoseconds, as far as it is known
	 */
	long cyclesWithin(long from, long to) {
		catchUp();
		return this.cycles.within(from, to);
	}

	/**
	 * Return whether all collections are known, by news or because somebody asked.
	 * @return whether there is nothing left to be told of
	 */
	synchronized boolean isUpToDate() {
		catchUp();
		return this.collectors.values().stream().allMatch(Collector::isUpToDate);
	}

	/**
	 * Forget what is of no interest any more.
	 * @param oldest before which instant
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
				// Gone already, as we want it.
			}
		});
		this.collectors.clear();
	}

	/**
	 * Which of its collections a collector has told of. They are numbered from 1 on, and
	 * the news of them comes in this order. Not thread-safe.
	 */
	static final class Collector {

		private final GarbageCollectorMXBean bean;

		/** The number of the last collection that it was asked for. */
		private long last;

		/** The number of the last one that there was news of. */
		private long heard;

		/** The numbers of those after it that are known because it was asked. */
		private final Set<Long> asked = new HashSet<>();

		/** With all collections so far known, as none of them is of interest. */
		Collector(GarbageCollectorMXBean bean) {
			this.bean = bean;
			ask();
			this.heard = this.last;
			this.asked.clear();
		}

		/** Return whether there is news of a collection that is not known yet. */
		boolean hear(long number) {
			boolean isNew = number > this.heard && !this.asked.remove(number);
			this.heard = Math.max(this.heard, number);
			return isNew;
		}

		/** Return the last collection if it is not known yet. */
		@Nullable GcInfo ask() {
			if (this.bean.getCollectionCount() == this.last) {
				return null;
			}
			GcInfo info = this.bean.getLastGcInfo();
			this.last = (info != null) ? info.getId() : this.last;
			return (this.last > this.heard && this.asked.add(this.last)) ? info : null;
		}

		boolean isUpToDate() {
			return this.last <= this.heard + this.asked.size();
		}

	}

}
