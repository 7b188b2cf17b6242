package io.github.eventloop.stall.internal.record;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.Hotspot;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallDetector;

/**
 * Stalls grouped by cause, culprit and entry point. A new group replaces the least
 * recently seen one.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link StallDetector}.
 */
final class HotspotTable {

	private static final int MAX_HOTSPOTS = 100;

	private static final int MAX_ROUTES = 5;

	private final BoundedTable<StallKey, Hotspot> hotspots = new BoundedTable<>(MAX_HOTSPOTS);

	void add(Stall stall) {
		this.hotspots.compute(StallKey.of(stall), (key, known) -> (known != null) ? plus(known, stall) : of(stall));
	}

	private static Hotspot of(Stall stall) {
		return new Hotspot(stall.cause(), stall.code().culprit(), stall.code().entry(), stall.code().doing(), 1,
				stall.duration(), stall.duration(), endOf(stall), stall.id(), stall.requests().inFlight(),
				(stall.requests().route() != null) ? List.of(stall.requests().route()) : List.of(), stall.advice());
	}

	private static Hotspot plus(Hotspot hotspot, Stall stall) {
		boolean longer = stall.duration().compareTo(hotspot.max()) > 0;
		Instant end = endOf(stall);
		return new Hotspot(hotspot.cause(), hotspot.culprit(), hotspot.entry(), hotspot.doing(), hotspot.count() + 1,
				hotspot.total().plus(stall.duration()), longer ? stall.duration() : hotspot.max(),
				end.isAfter(hotspot.lastSeenAt()) ? end : hotspot.lastSeenAt(),
				Math.max(stall.id(), hotspot.lastStallId()),
				Math.max(hotspot.maxInFlightRequests(), stall.requests().inFlight()),
				plus(hotspot.routes(), stall.requests().route()), stall.advice());
	}

	private static List<String> plus(List<String> routes, @Nullable String route) {
		if (route == null || routes.contains(route) || routes.size() == MAX_ROUTES) {
			return routes;
		}
		List<String> more = new ArrayList<>(routes);
		more.add(route);
		return List.copyOf(more);
	}

	private static Instant endOf(Stall stall) {
		return stall.startedAt().plus(stall.duration());
	}

	List<Hotspot> hotspots() {
		return this.hotspots.values()
			.stream()
			.sorted(Comparator.comparing(Hotspot::total).reversed().thenComparing(Hotspot::lastStallId))
			.toList();
	}

	HotspotTable copy() {
		HotspotTable copy = new HotspotTable();
		copy.hotspots.putAll(this.hotspots);
		return copy;
	}

	void clear() {
		this.hotspots.clear();
	}

}
