package io.github.eventloop.metrics.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.ExhaustedPools;

/**
 * {@link ExhaustedPools} based on the meters of connection pools: those that Spring Boot
 * registers for JDBC and R2DBC pools, and those that Reactor Netty registers for HTTP
 * clients with metrics enabled.
 * <p>
 * Thread-safe if the gauges are.
 */
public final class MeteredPools implements ExhaustedPools {

	private static final List<PoolMeters> KINDS = List.of(
			new PoolMeters("jdbc.connections.active", "jdbc.connections.max", null),
			new PoolMeters("r2dbc.pool.acquired", "r2dbc.pool.max.allocated", "r2dbc.pool.pending"),
			new PoolMeters("reactor.netty.connection.provider.active.connections",
					"reactor.netty.connection.provider.max.connections",
					"reactor.netty.connection.provider.pending.connections"));

	private final MeterRegistry registry;

	/**
	 * Create an instance that reads the meters of a registry.
	 * @param registry the registry
	 */
	public MeteredPools(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public List<String> describe() {
		List<String> descriptions = new ArrayList<>();
		for (PoolMeters kind : KINDS) {
			Map<List<Tag>, Double> limits = values(kind.limit());
			Map<List<Tag>, Double> waiting = values(kind.waiting());
			values(kind.active()).forEach((tags, active) -> {
				double limit = limits.getOrDefault(tags, 0.0);
				if (limit > 0 && active >= limit) {
					descriptions.add(description(tags, active, limit, waiting.get(tags)));
				}
			});
		}
		return descriptions;
	}

	/** Return gauge values by tags, which are the same for all meters of a pool. */
	private Map<List<Tag>, Double> values(@Nullable String name) {
		Map<List<Tag>, Double> values = new HashMap<>();
		if (name != null) {
			for (Gauge gauge : this.registry.find(name).gauges()) {
				values.put(gauge.getId().getTags(), gauge.value());
			}
		}
		return values;
	}

	private static String description(List<Tag> tags, double active, double limit, @Nullable Double waiting) {
		String name = tags.stream()
			.filter((tag) -> tag.getKey().equals("name"))
			.map(Tag::getValue)
			.findFirst()
			.orElse("unnamed");
		return name + " (" + Math.round(active) + " of " + Math.round(limit) + " connections in use"
				+ ((waiting != null) ? ", " + Math.round(waiting) + " waiting)" : ")");
	}

	/**
	 * The names of the gauges of one kind of pool.
	 *
	 * @param active the gauge of the connections in use
	 * @param limit the gauge of the maximum number of connections
	 * @param waiting the gauge of the waiting acquisitions, or {@code null} if there is
	 * none
	 */
	private record PoolMeters(String active, String limit, @Nullable String waiting) {
	}

}
