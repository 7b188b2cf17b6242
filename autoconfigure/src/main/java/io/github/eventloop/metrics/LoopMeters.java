package io.github.eventloop.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

import io.github.eventloop.metrics.EventLoopMeters.KeyNames;
import io.github.eventloop.monitor.LoopSecond;
import io.github.eventloop.monitor.LoopSnapshot;

/**
 * The meters of one loop in one registry.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMetrics}, except that any
 * thread may read the meters' values.
 */
final class LoopMeters {

	/**
	 * A loop that nobody notices has a lag of microseconds: of no interest to anybody.
	 */
	private static final Duration SHORTEST_LAG = Duration.ofNanos(100_000);

	/** Callers have given up by then. */
	private static final Duration LONGEST_LAG = Duration.ofSeconds(30);

	private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

	private final MeterRegistry registry;

	private final Tags tags;

	private final List<Meter> meters = new ArrayList<>();

	private final Timer lag;

	/**
	 * What the meters show. Volatile: written once a second under the lock, read by
	 * whoever scrapes.
	 */
	private volatile LoopSnapshot newest;

	/** The share that was known last. Volatile, for the same reason. */
	private volatile double cpuUtilization;

	private boolean cpuKnown;

	private boolean accepts;

	LoopMeters(MeterRegistry registry, LoopSnapshot loop) {
		this.registry = registry;
		this.tags = Tags.of(KeyNames.GROUP.asString(), loop.group(), KeyNames.NAME.asString(), loop.name());
		this.newest = loop;
		this.lag = Timer.builder(EventLoopMeters.LAG.getName())
			.description(EventLoopMeters.LAG.getDescription())
			.tags(this.tags)
			.minimumExpectedValue(SHORTEST_LAG)
			.maximumExpectedValue(LONGEST_LAG)
			.register(registry);
		this.meters.add(this.lag);
		gauge(EventLoopMeters.TASKS_PENDING, (meters) -> meters.newest.pendingTasks());
		if (loop.channels() >= 0) {
			gauge(EventLoopMeters.CHANNELS, (meters) -> meters.newest.channels());
		}
		if (!loop.approximate()) {
			registerMeasured();
		}
	}

	/** What is not known of all loops: no meter says so better than one that is 0. */
	private void registerMeasured() {
		time("io", LoopSnapshot::ioNanos);
		time("tasks", LoopSnapshot::taskNanos);
		time("idle", LoopSnapshot::idleNanos);
		counter(EventLoopMeters.ITERATIONS, LoopSnapshot::iterations);
		counter(EventLoopMeters.EVENTS, LoopSnapshot::events);
		counter(EventLoopMeters.EVENTS_WAITING, LoopSnapshot::eventsWaiting);
		gauge(EventLoopMeters.UTILIZATION, (meters) -> meters.newest.utilization());
		gauge(EventLoopMeters.REQUESTS_ACTIVE, (meters) -> meters.newest.inFlightRequests());
	}

	/**
	 * Show another second.
	 * @param loop the loop at its end
	 * @param second the loop in it
	 */
	void update(LoopSnapshot loop, LoopSecond second) {
		this.newest = loop;
		Double cpu = loop.cpuUtilization();
		if (cpu != null) {
			this.cpuUtilization = cpu;
			if (!this.cpuKnown) {
				this.cpuKnown = true;
				gauge(EventLoopMeters.CPU_UTILIZATION, (meters) -> meters.cpuUtilization);
			}
		}
		if (loop.connectionsWaiting() != null && !this.accepts) {
			this.accepts = true;
			gauge(EventLoopMeters.CONNECTIONS_WAITING, LoopMeters::connectionsWaiting);
		}
		for (int i = 0; i < second.arrivals(); i++) {
			this.lag.record(second.arrivalLagNanos(i), TimeUnit.NANOSECONDS);
		}
	}

	private double connectionsWaiting() {
		Integer waiting = this.newest.connectionsWaiting();
		return (waiting != null) ? waiting : 0;
	}

	/** Take the meters out of the registry. */
	void remove() {
		this.meters.forEach(this.registry::remove);
	}

	private void gauge(EventLoopMeters meter, ToDoubleFunction<LoopMeters> value) {
		this.meters.add(Gauge.builder(meter.getName(), this, value)
			.description(meter.getDescription())
			.baseUnit(meter.getBaseUnit())
			.tags(this.tags)
			.strongReference(true)
			.register(this.registry));
	}

	private void time(String state, ToDoubleFunction<LoopSnapshot> nanos) {
		counter(EventLoopMeters.TIME, this.tags.and(KeyNames.STATE.asString(), state),
				(loop) -> nanos.applyAsDouble(loop) / NANOS_PER_SECOND);
	}

	private void counter(EventLoopMeters meter, ToDoubleFunction<LoopSnapshot> value) {
		counter(meter, this.tags, value);
	}

	// Registries refer to a counter's object weakly: RegistryMeters keeps this one.
	private void counter(EventLoopMeters meter, Tags tags, ToDoubleFunction<LoopSnapshot> value) {
		this.meters.add(FunctionCounter.builder(meter.getName(), this, (meters) -> value.applyAsDouble(meters.newest))
			.description(meter.getDescription())
			.baseUnit(meter.getBaseUnit())
			.tags(tags)
			.register(this.registry));
	}

}
