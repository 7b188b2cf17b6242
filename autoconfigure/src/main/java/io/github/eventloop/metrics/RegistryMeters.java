package io.github.eventloop.metrics;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.stall.Stall;

/**
 * All meters in one registry.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMetrics}.
 */
final class RegistryMeters {

	private final MeterRegistry registry;

	private final Timer pauses;

	private final @Nullable Gauge outOfService;

	private final StallMeters stalls;

	/** By id, for another loop of the same name is another loop. */
	private final Map<Long, LoopMeters> loops = new HashMap<>();

	RegistryMeters(MeterRegistry registry, @Nullable BooleanSupplier outOfService) {
		this.registry = registry;
		this.pauses = Timer.builder(EventLoopMeters.PAUSES.getName())
			.description(EventLoopMeters.PAUSES.getDescription())
			.register(registry);
		this.outOfService = (outOfService != null) ? gauge(registry, outOfService) : null;
		this.stalls = new StallMeters(registry);
	}

	private static Gauge gauge(MeterRegistry registry, BooleanSupplier outOfService) {
		return Gauge
			.builder(EventLoopMeters.OUT_OF_SERVICE.getName(), outOfService,
					(supplier) -> supplier.getAsBoolean() ? 1 : 0)
			.description(EventLoopMeters.OUT_OF_SERVICE.getDescription())
			.strongReference(true)
			.register(registry);
	}

	/**
	 * Show another second.
	 * @param second what happened in it
	 */
	void update(EventLoopSecond second) {
		second.pauseNanos().forEach((nanos) -> this.pauses.record(nanos, TimeUnit.NANOSECONDS));
		List<LoopSnapshot> snapshots = second.snapshot().loops();
		this.stalls.update(snapshots);
		// First, for a new loop of the same name would be given the meters of the old
		// one.
		removeAllBut(snapshots);
		for (int i = 0; i < snapshots.size(); i++) {
			LoopSnapshot loop = snapshots.get(i);
			if (isStarted(loop)) {
				this.loops.computeIfAbsent(loop.id(), (key) -> new LoopMeters(this.registry, loop))
					.update(loop, second.loops().get(i));
			}
		}
	}

	void record(Stall stall) {
		this.stalls.record(stall);
	}

	private void removeAllBut(List<LoopSnapshot> snapshots) {
		Set<Long> present = new HashSet<>();
		for (LoopSnapshot loop : snapshots) {
			if (isStarted(loop)) {
				present.add(loop.id());
			}
		}
		this.loops.forEach((key, meters) -> {
			if (!present.contains(key)) {
				meters.remove();
			}
		});
		this.loops.keySet().retainAll(present);
	}

	/** Take the meters out of the registry. */
	void remove() {
		removeAllBut(List.of());
		this.stalls.remove();
		this.registry.remove(this.pauses);
		if (this.outOfService != null) {
			this.registry.remove(this.outOfService);
		}
	}

	private static boolean isStarted(LoopSnapshot loop) {
		return loop.state() != LoopState.NOT_STARTED;
	}

}
