package io.github.eventloop.metrics.internal;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import io.github.eventloop.metrics.EventLoopMeters;
import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.LoopSnapshot;

/**
 * {@link MeterBinder} that publishes shed requests as
 * {@link EventLoopMeters#SHED_REQUESTS}. The counter of a group is registered with value
 * 0 as soon as the group has loops, so that a query sees the first shed request as an
 * increase. It is removed with the last loop of the group. May be bound to several
 * registries.
 * <p>
 * Thread-safe. Note: {@link #close()} should be called when the registries outlive the
 * monitor.
 */
public final class SheddingMetrics implements MeterBinder, AutoCloseable {

	private final EventLoopMonitor monitor;

	private final ToLongFunction<String> shed;

	/** The counters in each registry, by group. Guarded by itself. */
	private final IdentityHashMap<MeterRegistry, Map<String, FunctionCounter>> registries = new IdentityHashMap<>();

	private final EventLoopListener listener = new EventLoopListener() {

		@Override
		public void onSecond(EventLoopSecond second) {
			update(second.snapshot()
				.loops()
				.stream()
				.filter((loop) -> loop.counted() && !loop.approximate())
				.map(LoopSnapshot::group)
				.collect(Collectors.toSet()));
		}

	};

	/**
	 * Create metrics of shed requests.
	 * @param monitor the monitor, which provides the groups of loops
	 * @param shed returns the number of requests shed on the loops of a group; called by
	 * threads that read the meter, so it must not block. The number must not decrease.
	 */
	public SheddingMetrics(EventLoopMonitor monitor, ToLongFunction<String> shed) {
		this.monitor = monitor;
		this.shed = shed;
		monitor.addListener(this.listener);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		synchronized (this.registries) {
			this.registries.computeIfAbsent(registry, (key) -> new HashMap<>());
		}
	}

	private void update(Set<String> groups) {
		synchronized (this.registries) {
			this.registries.forEach((registry, counters) -> {
				groups.forEach((group) -> counters.computeIfAbsent(group, (key) -> counter(key, registry)));
				counters.forEach((group, counter) -> {
					if (!groups.contains(group)) {
						registry.remove(counter);
					}
				});
				counters.keySet().retainAll(groups);
			});
		}
	}

	private FunctionCounter counter(String group, MeterRegistry registry) {
		return FunctionCounter
			.builder(EventLoopMeters.SHED_REQUESTS.getName(), this.shed, (numbers) -> numbers.applyAsLong(group))
			.description(EventLoopMeters.SHED_REQUESTS.getDescription())
			.tag(EventLoopMeters.KeyNames.GROUP.asString(), group)
			.register(registry);
	}

	/**
	 * Remove the counters from their registries.
	 */
	@Override
	public void close() {
		this.monitor.removeListener(this.listener);
		synchronized (this.registries) {
			update(Set.of());
			this.registries.clear();
		}
	}

}
