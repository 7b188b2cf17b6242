package io.github.eventloop.monitor;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GcInfo;

/**
 * Reports the pauses that the JVM's garbage collectors tell of, to the millisecond that
 * they tell them with. Called by a thread of the JVM after each collection; costs nothing
 * in between.
 */
final class GarbageCollections implements AutoCloseable {

	private final List<NotificationEmitter> emitters = new ArrayList<>();

	private final NotificationListener listener = this::handle;

	private final RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();

	private final Pauses pauses;

	private final Pauses collections;

	/**
	 * Listen to all collectors.
	 * @param pauses receives the pauses, beside those of other causes
	 * @param collections receives the pauses, and no others
	 */
	GarbageCollections(Pauses pauses, Pauses collections) {
		this.pauses = pauses;
		this.collections = collections;
		for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
			if (collector instanceof NotificationEmitter emitter) {
				emitter.addNotificationListener(this.listener, null, null);
				this.emitters.add(emitter);
			}
		}
	}

	private void handle(Notification notification, Object handback) {
		if (GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION.equals(notification.getType())) {
			GarbageCollectionNotificationInfo collection = GarbageCollectionNotificationInfo
				.from((CompositeData) notification.getUserData());
			GcInfo info = collection.getGcInfo();
			if (info.getDuration() > 0 && pauses(collection.getGcName(), collection.getGcCause())) {
				// The news may be late; both times here count from the start of the JVM.
				long endedBefore = Math.max(0, this.runtime.getUptime() - info.getEndTime());
				long end = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(endedBefore);
				long begin = end - TimeUnit.MILLISECONDS.toNanos(info.getDuration());
				this.pauses.add(begin, end);
				this.collections.add(begin, end);
			}
		}
	}

	/**
	 * Whether the application stands still during such a collection. The concurrent
	 * collectors report whole cycles beside their pauses.
	 */
	static boolean pauses(String collector, String cause) {
		return !"No GC".equals(cause) && !collector.endsWith("Cycles");
	}

	@Override
	public void close() {
		for (NotificationEmitter emitter : this.emitters) {
			try {
				emitter.removeNotificationListener(this.listener);
			}
			catch (ListenerNotFoundException ex) {
				// Gone already, as we want it.
			}
		}
	}

}
