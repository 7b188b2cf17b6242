package io.github.eventloop.metrics.internal;

import java.util.IdentityHashMap;
import java.util.List;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.metrics.EventLoopMeters;

/**
 * {@link MeterBinder} that publishes the {@link EventLoopHealth} as
 * {@link EventLoopMeters#OUT_OF_SERVICE} and {@link EventLoopMeters#READINESS_STAYS}. May
 * be bound to several registries.
 * <p>
 * Thread-safe. Note: {@link #close()} should be called when the registries outlive the
 * application context.
 */
public final class HealthMetrics implements MeterBinder, AutoCloseable {

	private final EventLoopHealth health;

	/** The meters in each registry. Guarded by itself. */
	private final IdentityHashMap<MeterRegistry, List<Meter>> registries = new IdentityHashMap<>();

	public HealthMetrics(EventLoopHealth health) {
		this.health = health;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		synchronized (this.registries) {
			if (!this.registries.containsKey(registry)) {
				this.registries.put(registry, List.of(outOfService(registry), stays(registry)));
			}
		}
	}

	private Meter outOfService(MeterRegistry registry) {
		return Gauge
			.builder(EventLoopMeters.OUT_OF_SERVICE.getName(), this.health,
					(health) -> health.status().isInService() ? 0 : 1)
			.description(EventLoopMeters.OUT_OF_SERVICE.getDescription())
			.register(registry);
	}

	private Meter stays(MeterRegistry registry) {
		return FunctionCounter.builder(EventLoopMeters.READINESS_STAYS.getName(), this.health, EventLoopHealth::stays)
			.description(EventLoopMeters.READINESS_STAYS.getDescription())
			.register(registry);
	}

	/**
	 * Remove the meters from their registries.
	 */
	@Override
	public void close() {
		synchronized (this.registries) {
			this.registries.forEach((registry, meters) -> meters.forEach(registry::remove));
			this.registries.clear();
		}
	}

}
