package io.github.eventloop.monitor;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

import com.sun.management.GarbageCollectionNotificationInfo;

/**
 * Reports the pauses that the JVM's garbage collectors tell of, to the millisecond they
 * tell them with. Called by a thread of the JVM after each collection; costs nothing in
 * between.
 */
final class GarbageCollections implements AutoCloseable {

	private final List<NotificationEmitter> emitters = new ArrayList<>();

	private final NotificationListener listener = this::handle;

	private final LongConsumer millisConsumer;

	/**
	 * Listen to all collectors.
	 * @param millisConsumer receives the length of each pause in milliseconds
	 */
	GarbageCollections(LongConsumer millisConsumer) {
		this.millisConsumer = millisConsumer;
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
			long millis = collection.getGcInfo().getDuration();
			if (millis > 0 && pauses(collection.getGcName(), collection.getGcCause())) {
				this.millisConsumer.accept(millis);
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
