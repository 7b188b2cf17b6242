package io.github.eventloop.metrics.internal;

import java.util.IdentityHashMap;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.metrics.EventLoopMeters;
import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.internal.thread.Isolated;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.StallListener;

/**
 * {@link MeterBinder} that publishes the measurements of an {@link EventLoopMonitor} as
 * {@link EventLoopMeters}. The meters of a loop are registered at the end of the second
 * in which its thread starts, and removed at the end of the second in which it
 * terminates.
 * <p>
 * Meters show the latest completed second of the monitor: reading them neither computes
 * nor changes anything. May be bound to several registries, each of which has its own
 * meters.
 * <p>
 * Thread-safe. The lock is held while meters are registered, removed and recorded, never
 * while they are read. Note: {@link #close()} should be called when the registries
 * outlive the monitor.
 */
public final class EventLoopMetrics implements MeterBinder, AutoCloseable {

	private final EventLoopMonitor monitor;

	private final @Nullable StallDetector stalls;

	/** Guarded by itself. */
	private final IdentityHashMap<MeterRegistry, RegistryMeters> registries = new IdentityHashMap<>();

	private final EventLoopListener listener = new EventLoopListener() {

		@Override
		public void onSecond(EventLoopSecond second) {
			update(second);
		}

	};

	private final StallListener stallListener = new StallListener() {

		@Override
		public void onStallEnded(Stall stall) {
			record(stall);
		}

	};

	/**
	 * Create metrics of the loops of a monitor.
	 * @param monitor the monitor
	 * @param stalls the detector of stalls, or {@code null} if stalls are not detected
	 */
	public EventLoopMetrics(EventLoopMonitor monitor, @Nullable StallDetector stalls) {
		this.monitor = monitor;
		this.stalls = stalls;
		monitor.addListener(this.listener);
		if (stalls != null) {
			stalls.addListener(this.stallListener);
		}
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		synchronized (this.registries) {
			if (!this.registries.containsKey(registry)) {
				this.registries.put(registry, new RegistryMeters(registry));
			}
		}
	}

	private void update(EventLoopSecond second) {
		synchronized (this.registries) {
			Isolated.forEach(this.registries.values(), (meters) -> meters.update(second));
		}
	}

	private void record(Stall stall) {
		synchronized (this.registries) {
			Isolated.forEach(this.registries.values(), (meters) -> meters.record(stall));
		}
	}

	/**
	 * Remove all meters from their registries.
	 */
	@Override
	public void close() {
		this.monitor.removeListener(this.listener);
		if (this.stalls != null) {
			this.stalls.removeListener(this.stallListener);
		}
		synchronized (this.registries) {
			this.registries.values().forEach(RegistryMeters::remove);
			this.registries.clear();
		}
	}

}
