package io.github.eventloop.kubernetes.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Decides whether this pod, which is out of service, has to return because too few
 * endpoints are ready. Every pod that is out decides for itself, and all of them read the
 * same record: those that are out longest return first, and no more than are needed.
 * <p>
 * It takes seconds until a pod that returns is ready. Until then it counts as ready,
 * otherwise one missing endpoint would recall all pods, one after the other. A pod that
 * is not ready in time counts as missing, and is passed over: it may have died.
 * <p>
 * Not thread-safe.
 */
final class RecallOrder {

	private final String pod;

	private final AvailabilityFloor floor;

	private final long backNanos;

	private final LongSupplier clock;

	/** Pods that have to return or have done so, and when this was first seen. */
	private final Map<String, Long> expected = new HashMap<>();

	private List<String> lastOut;

	/**
	 * Create an order.
	 * @param pod this pod
	 * @param floor the share of the endpoints that has to be ready
	 * @param back the time in which a pod that returns becomes ready
	 * @param out the pods that were out of service when this one left
	 * @param clock the clock, in nanoseconds
	 */
	RecallOrder(String pod, AvailabilityFloor floor, Duration back, List<String> out, LongSupplier clock) {
		this.pod = pod;
		this.floor = floor;
		this.backNanos = back.toNanos();
		this.lastOut = out;
		this.clock = clock;
	}

	/**
	 * Decide whether this pod has to return.
	 * @param endpoints the endpoints of the service
	 * @param out the pods that are out of service, the longest out first
	 * @return the reason if it has to, otherwise {@code null}
	 */
	@Nullable String recall(ServiceEndpoints endpoints, List<String> out) {
		long now = this.clock.getAsLong();
		Set<String> ready = new HashSet<>(endpoints.ready());
		// They are ready only as long as the kubelet has not probed them.
		ready.removeAll(out);
		int required = this.floor.required(endpoints.total());
		for (String name : this.lastOut) {
			if (!out.contains(name)) {
				this.expected.putIfAbsent(name, now);
			}
		}
		this.lastOut = List.copyOf(out);
		this.expected.keySet().removeIf((name) -> ready.contains(name) || !endpoints.contains(name));
		if (ready.size() >= required) {
			this.expected.keySet().removeAll(out);
			return null;
		}
		long missing = required - ready.size()
				- this.expected.keySet().stream().filter((name) -> !out.contains(name) && isInTime(name, now)).count();
		return (missing > countBefore(out, missing, now))
				? "only %d of %d endpoints of the service %s are ready, and at least %d have to be"
					.formatted(ready.size(), endpoints.total(), endpoints.service(), required)
				: null;
	}

	/** Count the pods that have to return before this one, and record since when. */
	private long countBefore(List<String> out, long missing, long now) {
		long count = 0;
		for (String name : out) {
			if (name.equals(this.pod) || count >= missing) {
				break;
			}
			if (isInTime(name, now)) {
				this.expected.putIfAbsent(name, now);
				count++;
			}
		}
		return count;
	}

	private boolean isInTime(String name, long now) {
		return now - this.expected.getOrDefault(name, now) < this.backNanos;
	}

}
