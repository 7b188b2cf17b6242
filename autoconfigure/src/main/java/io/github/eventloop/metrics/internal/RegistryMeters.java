package io.github.eventloop.metrics.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;

import io.github.eventloop.metrics.EventLoopMeters;
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

	private final StallMeters stalls;

	/**
	 * Keyed by the id of the loop, since a new loop may reuse a name, or by group if the
	 * registry does not distinguish loops.
	 */
	private final Map<Object, LoopMeters> loops = new HashMap<>();

	private boolean perLoop;

	RegistryMeters(MeterRegistry registry) {
		this.registry = registry;
		this.pauses = Timer.builder(EventLoopMeters.PAUSES.getName())
			.description(EventLoopMeters.PAUSES.getDescription())
			.register(registry);
		this.stalls = new StallMeters(registry);
	}

	/**
	 * Publish a completed second.
	 * @param second the measurements of that second
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
		// Remove before adding, since a new loop of the same name would otherwise share
		// the meters of the old one.
		removeAllBut(present.keySet());
		present.forEach((key, indices) -> this.loops
			.computeIfAbsent(key, (absent) -> new LoopMeters(this.registry, tagsOf(snapshots.get(indices.get(0)))))
			.update(indices.stream().map(snapshots::get).toList(), indices.stream().map(second.loops()::get).toList(),
					second.snapshot().acceptsConnections()));
	}

	private Tags tagsOf(LoopSnapshot loop) {
		Tags group = Tags.of(KeyNames.GROUP.asString(), loop.group());
		return this.perLoop ? group.and(KeyNames.NAME.asString(), loop.name()) : group;
	}

	/**
	 * Return whether meters that only differ in the name of their loop are distinct. If
	 * meter filters of the user drop the name, the registry would only keep the meters of
	 * the first loop of a group. The registries of a composite have their own filters, so
	 * each is checked.
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

	/** Remove the meters from the registry. */
	void remove() {
		removeAllBut(Set.of());
		this.stalls.remove();
		this.registry.remove(this.pauses);
	}

}
