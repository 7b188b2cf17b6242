package io.github.eventloop.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.metrics.EventLoopMeters.KeyNames;
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

	/**
	 * By id of the loop, for another loop of the same name is another loop; by group if
	 * the registry does not tell loops apart.
	 */
	private final Map<Object, LoopMeters> loops = new HashMap<>();

	private boolean perLoop;

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
		if (this.loops.isEmpty()) {
			this.perLoop = distinguishesLoops(this.registry);
		}
		Map<Object, List<Integer>> present = new LinkedHashMap<>();
		for (int i = 0; i < snapshots.size(); i++) {
			LoopSnapshot loop = snapshots.get(i);
			if (loop.state() != LoopState.NOT_STARTED) {
				present.computeIfAbsent(this.perLoop ? loop.id() : loop.group(), (key) -> new ArrayList<>()).add(i);
			}
		}
		// First, for a new loop of the same name would be given the meters of the old
		// one.
		removeAllBut(present.keySet());
		present.forEach((key, indices) -> this.loops
			.computeIfAbsent(key, (absent) -> new LoopMeters(this.registry, tagsOf(snapshots.get(indices.get(0)))))
			.update(indices.stream().map(snapshots::get).toList(), indices.stream().map(second.loops()::get).toList()));
	}

	private Tags tagsOf(LoopSnapshot loop) {
		Tags group = Tags.of(KeyNames.GROUP.asString(), loop.group());
		return this.perLoop ? group.and(KeyNames.NAME.asString(), loop.name()) : group;
	}

	/**
	 * Returns whether meters that differ in the name of their loop are different meters.
	 * Filters of the user may drop the name, and the registry would then keep the first
	 * loop of a group only. Those of a composite's registries have to be asked one by
	 * one.
	 */
	private static boolean distinguishesLoops(MeterRegistry registry) {
		boolean distinguishes = Arrays.stream(EventLoopMeters.values())
			.filter((meter) -> List.of(meter.getKeyNames()).contains(KeyNames.NAME))
			.noneMatch((meter) -> probe(meter, "1", registry).equals(probe(meter, "2", registry)));
		return distinguishes && (!(registry instanceof CompositeMeterRegistry composite)
				|| composite.getRegistries().stream().allMatch(RegistryMeters::distinguishesLoops));
	}

	private static Meter.Id probe(EventLoopMeters meter, String name, MeterRegistry registry) {
		Gauge gauge = Gauge.builder(meter.getName(), () -> 0)
			.tags(KeyNames.GROUP.asString(), "probe", KeyNames.NAME.asString(), "probe-" + name)
			.register(registry);
		registry.remove(gauge);
		return gauge.getId();
	}

	void record(Stall stall) {
		this.stalls.record(stall);
	}

	private void removeAllBut(Set<Object> present) {
		this.loops.forEach((key, meters) -> {
			if (!present.contains(key)) {
				meters.remove();
			}
		});
		this.loops.keySet().retainAll(present);
	}

	/** Take the meters out of the registry. */
	void remove() {
		removeAllBut(Set.of());
		this.stalls.remove();
		this.registry.remove(this.pauses);
		if (this.outOfService != null) {
			this.registry.remove(this.outOfService);
		}
	}

}
