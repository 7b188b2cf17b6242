package io.github.eventloop.metrics;

import java.util.IdentityHashMap;
import java.util.function.BooleanSupplier;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.Isolated;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallListener;
import io.github.eventloop.stall.StallWatch;

/**
 * Publishes what an {@link EventLoopMonitor} sees as the meters of
 * {@link EventLoopMeters}. The meters of a loop come with the second in which its thread
 * starts, and go with the second in which the loop does.
 * <p>
 * Meters show the newest second that the monitor has ended: reading them computes nothing
 * and changes nothing. May be bound to several registries, each of which gets meters of
 * its own.
 * <p>
 * Thread-safe. The lock is held while meters are registered, removed and recorded, never
 * while they are read. Note: {@link #close()} should be called when the registries
 * outlive the monitor.
 *
 * @since 0.1.0
 */
public final class EventLoopMetrics implements MeterBinder, AutoCloseable {

	private final EventLoopMonitor monitor;

	private final @Nullable StallWatch stalls;

	private final @Nullable BooleanSupplier outOfService;

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
	 * Publish the loops of a monitor.
	 * @param monitor the monitor
	 * @param stalls tells of stalls, or {@code null} if nobody does
	 * @param outOfService tells whether the application asks for no traffic because of
	 * its loops; asked by whoever reads the meter, so it must answer at once.
	 * {@code null} if nobody judges, and then there is no such meter.
	 */
	public EventLoopMetrics(EventLoopMonitor monitor, @Nullable StallWatch stalls,
			@Nullable BooleanSupplier outOfService) {
		this.monitor = monitor;
		this.stalls = stalls;
		this.outOfService = outOfService;
		monitor.addListener(this.listener);
		if (stalls != null) {
			stalls.addListener(this.stallListener);
		}
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		synchronized (this.registries) {
			this.registries.computeIfAbsent(registry, (key) -> new RegistryMeters(key, this.outOfService));
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
	 * Take all meters out of their registries.
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
