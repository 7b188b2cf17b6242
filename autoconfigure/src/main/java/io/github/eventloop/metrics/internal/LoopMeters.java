package io.github.eventloop.metrics.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

import io.github.eventloop.metrics.EventLoopMeters;
import io.github.eventloop.metrics.EventLoopMeters.KeyNames;
import io.github.eventloop.monitor.LoopSecond;
import io.github.eventloop.monitor.LoopSnapshot;

/**
 * The meters of one loop in one registry, or of all loops of a group if the registry does
 * not distinguish loops. Numbers are then sums, and shares are means.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMetrics}, except that any
 * thread may read the values of the meters.
 */
final class LoopMeters {

	/** Shorter lag is not noticeable. */
	private static final Duration SHORTEST_LAG = Duration.ofNanos(100_000);

	/** Callers have timed out by then. */
	private static final Duration LONGEST_LAG = Duration.ofSeconds(30);

	private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

	private final MeterRegistry registry;

	private final Tags tags;

	private final List<Meter> meters = new ArrayList<>();

	private final Set<EventLoopMeters> registered = EnumSet.noneOf(EventLoopMeters.class);

	private final Timer lag;

	/** Totals of terminated loops whose group still has other loops. */
	private LoopTotals terminated = LoopTotals.NONE;

	/**
	 * The published values. Volatile and immutable: replaced once a second under the
	 * lock, read by any thread that scrapes.
	 */
	private volatile Shown shown = new Shown(List.of(), LoopTotals.NONE, 0);

	LoopMeters(MeterRegistry registry, Tags tags) {
		this.registry = registry;
		this.tags = tags;
		this.lag = Timer.builder(EventLoopMeters.LAG.getName())
			.description(EventLoopMeters.LAG.getDescription())
			.tags(tags)
			.minimumExpectedValue(SHORTEST_LAG)
			.maximumExpectedValue(LONGEST_LAG)
			.register(registry);
		this.meters.add(this.lag);
	}

	/**
	 * Publish a completed second.
	 * @param loops the snapshots of the loops at its end, one or more
	 * @param seconds the measurements of the same loops in that second
	 * @param acceptsConnections whether requests can arrive on loops of the application
	 */
	void update(List<LoopSnapshot> loops, List<LoopSecond> seconds, boolean acceptsConnections) {
		Set<Long> present = loops.stream().map(LoopSnapshot::id).collect(Collectors.toSet());
		for (LoopSnapshot loop : this.shown.loops) {
			if (!present.contains(loop.id())) {
				this.terminated = this.terminated.plus(loop);
			}
		}
		LoopTotals totals = this.terminated;
		for (LoopSnapshot loop : loops) {
			totals = totals.plus(loop);
		}
		List<Double> cpu = known(loops, LoopSnapshot::cpuUtilization);
		this.shown = new Shown(loops, totals, cpu.isEmpty() ? this.shown.cpuUtilization : mean(cpu));
		register(!cpu.isEmpty(), acceptsConnections);
		for (LoopSecond second : seconds) {
			for (int i = 0; i < second.arrivals(); i++) {
				this.lag.record(second.arrivalLagNanos(i), TimeUnit.NANOSECONDS);
			}
		}
	}

	/** Register meters for known values only: an unknown value must not be shown as 0. */
	private void register(boolean cpuKnown, boolean acceptsConnections) {
		List<LoopSnapshot> loops = this.shown.loops;
		gauge(EventLoopMeters.TASKS_PENDING, loops.stream().anyMatch((loop) -> loop.load().pendingTasks() >= 0),
				(shown) -> shown.sum((loop) -> Math.max(0, loop.load().pendingTasks())));
		gauge(EventLoopMeters.CHANNELS, loops.stream().anyMatch((loop) -> loop.load().channels() >= 0),
				(shown) -> shown.sum((loop) -> Math.max(0, loop.load().channels())));
		gauge(EventLoopMeters.CPU_UTILIZATION, cpuKnown, Shown::cpuUtilization);
		gauge(EventLoopMeters.CONNECTIONS_WAITING, !known(loops, (loop) -> loop.load().connectionsWaiting()).isEmpty(),
				(shown) -> known(shown.loops, (loop) -> loop.load().connectionsWaiting()).stream()
					.mapToInt(Integer::intValue)
					.sum());
		boolean measured = loops.stream().anyMatch((loop) -> !loop.approximate());
		gauge(EventLoopMeters.UTILIZATION, measured, Shown::utilization);
		gauge(EventLoopMeters.REQUESTS_ACTIVE, measured && acceptsConnections,
				(shown) -> shown.sum((loop) -> loop.load().inFlightRequests()));
		if (measured && this.registered.add(EventLoopMeters.TIME)) {
			time("io", LoopTotals::ioNanos);
			time("tasks", LoopTotals::taskNanos);
			time("idle", LoopTotals::idleNanos);
			counter(EventLoopMeters.ITERATIONS, this.tags, LoopTotals::iterations);
			counter(EventLoopMeters.EVENTS, this.tags, LoopTotals::events);
			counter(EventLoopMeters.EVENTS_WAITING, this.tags, LoopTotals::eventsWaiting);
		}
	}

	/** Remove the meters from the registry. */
	void remove() {
		this.meters.forEach(this.registry::remove);
	}

	private void gauge(EventLoopMeters meter, boolean known, ToDoubleFunction<Shown> value) {
		if (known && this.registered.add(meter)) {
			this.meters.add(Gauge.builder(meter.getName(), this, (meters) -> value.applyAsDouble(meters.shown))
				.description(meter.getDescription())
				.baseUnit(meter.getBaseUnit())
				.tags(this.tags)
				.strongReference(true)
				.register(this.registry));
		}
	}

	private void time(String state, ToLongFunction<LoopTotals> nanos) {
		counter(EventLoopMeters.TIME, this.tags.and(KeyNames.STATE.asString(), state),
				(totals) -> nanos.applyAsLong(totals) / NANOS_PER_SECOND);
	}

	// Registries hold a weak reference to this object, RegistryMeters a strong one.
	private void counter(EventLoopMeters meter, Tags tags, ToDoubleFunction<LoopTotals> value) {
		this.meters
			.add(FunctionCounter.builder(meter.getName(), this, (meters) -> value.applyAsDouble(meters.shown.totals))
				.description(meter.getDescription())
				.baseUnit(meter.getBaseUnit())
				.tags(tags)
				.register(this.registry));
	}

	private static <T> List<T> known(List<LoopSnapshot> loops, Function<LoopSnapshot, T> value) {
		return loops.stream().map(value).filter(Objects::nonNull).toList();
	}

	private static double mean(List<Double> values) {
		return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
	}

	/**
	 * The published values of one second.
	 *
	 * @param loops the snapshots of the loops at its end
	 * @param totals the totals of these loops and of terminated ones
	 * @param cpuUtilization the latest known mean
	 */
	private record Shown(List<LoopSnapshot> loops, LoopTotals totals, double cpuUtilization) {

		double sum(ToDoubleFunction<LoopSnapshot> value) {
			double sum = 0;
			for (LoopSnapshot loop : this.loops) {
				sum += value.applyAsDouble(loop);
			}
			return sum;
		}

		double utilization() {
			return mean(
					this.loops.stream().filter((loop) -> !loop.approximate()).map(LoopSnapshot::utilization).toList());
		}

	}

}
