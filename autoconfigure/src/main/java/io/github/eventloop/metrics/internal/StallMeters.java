package io.github.eventloop.metrics.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

import io.github.eventloop.metrics.EventLoopMeters;
import io.github.eventloop.metrics.EventLoopMeters.KeyNames;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;

/**
 * The meters of stalls in one registry.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMetrics}.
 */
final class StallMeters {

	private static final Duration SHORTEST_STALL = Duration.ofMillis(10);

	/** Callers have timed out by then. */
	private static final Duration LONGEST_STALL = Duration.ofSeconds(30);

	private final MeterRegistry registry;

	private final Map<String, Map<StallCause, Timer>> timers = new HashMap<>();

	private final MultiGauge inProgress;

	/**
	 * The published numbers of stalled loops, by group. The gauges are only registered
	 * again when a number changes, since that replaces all of them.
	 */
	private Map<String, Integer> shown = Map.of();

	StallMeters(MeterRegistry registry) {
		this.registry = registry;
		this.inProgress = MultiGauge.builder(EventLoopMeters.STALLS_IN_PROGRESS.getName())
			.description(EventLoopMeters.STALLS_IN_PROGRESS.getDescription())
			.register(registry);
	}

	/**
	 * Publish a completed second.
	 * @param loops the snapshots of the loops at its end
	 */
	void update(List<LoopSnapshot> loops) {
		Map<String, Integer> stalled = new HashMap<>();
		for (LoopSnapshot loop : loops) {
			stalled.merge(loop.group(), (loop.state() == LoopState.STALLED) ? 1 : 0, Integer::sum);
		}
		removeAllBut(stalled.keySet());
		stalled.keySet().forEach(this::timersOf);
		if (!stalled.equals(this.shown)) {
			List<MultiGauge.Row<?>> rows = new ArrayList<>();
			stalled.forEach(
					(group, number) -> rows.add(MultiGauge.Row.of(Tags.of(KeyNames.GROUP.asString(), group), number)));
			this.inProgress.register(rows, true);
			this.shown = stalled;
		}
	}

	void record(Stall stall) {
		Timer timer = timersOf(stall.group()).get(stall.cause());
		if (timer != null) {
			timer.record(stall.duration());
		}
	}

	/**
	 * Return the timers of all causes. They are registered before the first stall, since
	 * a query does not see a counter that starts at 1 as an increase.
	 */
	private Map<StallCause, Timer> timersOf(String group) {
		return this.timers.computeIfAbsent(group, (key) -> {
			Map<StallCause, Timer> ofGroup = new EnumMap<>(StallCause.class);
			for (StallCause cause : StallCause.values()) {
				ofGroup.put(cause, timer(group, cause));
			}
			return ofGroup;
		});
	}

	private Timer timer(String group, StallCause cause) {
		return Timer.builder(EventLoopMeters.STALLS.getName())
			.description(EventLoopMeters.STALLS.getDescription())
			.tags(KeyNames.GROUP.asString(), group, KeyNames.CAUSE.asString(), cause.name().toLowerCase(Locale.ROOT))
			.minimumExpectedValue(SHORTEST_STALL)
			.maximumExpectedValue(LONGEST_STALL)
			.register(this.registry);
	}

	private void removeAllBut(Set<String> groups) {
		this.timers.forEach((group, ofGroup) -> {
			if (!groups.contains(group)) {
				ofGroup.values().forEach(this.registry::remove);
			}
		});
		this.timers.keySet().retainAll(groups);
	}

	/** Remove the meters from the registry. */
	void remove() {
		removeAllBut(Set.of());
		this.inProgress.register(List.of(), true);
	}

}
