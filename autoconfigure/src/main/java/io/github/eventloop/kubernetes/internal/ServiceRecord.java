package io.github.eventloop.kubernetes.internal;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.ReadinessGate.Decision;

/**
 * Departures of this pod from one service. They are decided one after the other: by the
 * pod that holds the Lease of the service. Holding it saves requests in case many pods
 * want to leave at once. What makes a departure exclusive is the resource version: a
 * departure is recorded only if nothing in the Lease has changed since it was read. So a
 * pod that has lost the Lease to another, since it was suspended for example, cannot
 * record a decision that is based on outdated facts.
 * <p>
 * Thread-safe.
 */
class ServiceRecord {

	private final KubernetesApi api;

	private final String namespace;

	private final String service;

	private final String pod;

	private final AvailabilityFloor floor;

	private final GateTimes times;

	private final InstantSource wallClock;

	private final FirstSeen terms;

	private final FirstSeen departures;

	private final SharedTrouble trouble;

	/** Volatile: written when the pod leaves, and read by the watch. */
	private volatile List<String> lastOut = List.of();

	/** Volatile: written when the pod leaves, and read by the watch. */
	private volatile @Nullable Recall lastRecall;

	ServiceRecord(KubernetesApi api, PodIdentity pod, String service, AvailabilityFloor floor, GateTimes times,
			InstantSource wallClock, LongSupplier clock) {
		this.api = api;
		this.namespace = pod.namespace();
		this.service = service;
		this.pod = pod.name();
		this.floor = floor;
		this.times = times;
		this.wallClock = wallClock;
		this.terms = new FirstSeen(clock);
		this.departures = new FirstSeen(clock);
		this.trouble = new SharedTrouble(wallClock, clock);
	}

	/**
	 * Decide whether this pod may leave the service, and record it if it may.
	 * @param deadline the time limit
	 * @return the decision
	 * @throws InterruptedException if the thread is interrupted
	 */
	Decision leave(Deadline deadline) throws InterruptedException {
		deadline.check();
		boolean held = false;
		try {
			String holder = null;
			do {
				LeaseRecord record = read();
				if (record == null || !this.pod.equals(record.holder())) {
					holder = (record != null) ? currentHolder(record) : null;
					// It may be held although there is no answer.
					held = holder == null;
					record = held ? acquire(record) : null;
				}
				held = record != null;
				if (record != null) {
					deadline.check();
					Decision decision = decide(record, deadline);
					if (decision != null) {
						held = false;
						return decision;
					}
				}
			}
			while (deadline.pause());
			return Decision.refused(
					(holder != null) ? "another instance, %s, is leaving the service %s".formatted(holder, this.service)
							: "other instances are leaving the service %s".formatted(this.service));
		}
		finally {
			if (held) {
				release(deadline);
			}
		}
	}

	private @Nullable LeaseRecord read() {
		Lease lease = this.api.lease(LeaseRecord.nameFor(this.service));
		return (lease != null) ? new LeaseRecord(lease) : null;
	}

	/** Return the pod that holds the Lease, unless it has had it for too long. */
	private @Nullable String currentHolder(LeaseRecord record) {
		String holder = record.holder();
		this.terms.retain(Set.of(record.term()));
		return (holder != null && !this.terms.isOlderThan(record.term(), this.times.lease())) ? holder : null;
	}

	private @Nullable LeaseRecord acquire(@Nullable LeaseRecord record) {
		Lease held = (record != null)
				? this.api.update(record.acquiredBy(this.pod, this.times.lease(), this.wallClock.instant()))
				: this.api.create(LeaseRecord.heldBy(this.pod, this.service, this.namespace, this.times.lease(),
						this.wallClock.instant()));
		return (held != null) ? new LeaseRecord(held) : null;
	}

	/** Return the decision, or {@code null} if the Lease has changed in the meantime. */
	private @Nullable Decision decide(LeaseRecord record, Deadline deadline) {
		// Read after the Lease: a pod that has left before is recorded, or not ready.
		ServiceEndpoints endpoints = ServiceEndpoints.of(this.service, this.api.slicesOf(this.service));
		RecordedPods others = current(record.out(), endpoints).without(this.pod);
		RecordedPods inTrouble = this.trouble.recent(record.inTrouble(), endpoints).without(this.pod);
		Recall recall = record.recall();
		Decision decision = this.floor.decide(endpoints, others.names(), this.pod);
		// A pod that was restarted while it was out may still be listed.
		RecordedPods absent = others.matching((each) -> !endpoints.isReady(each.name())
				|| !this.trouble.isLongAgo(each.since(), this.times.marked()));
		Set<String> all = new HashSet<>(absent.names());
		all.addAll(inTrouble.names());
		all.add(this.pod);
		all.removeIf((name) -> !endpoints.contains(name));
		boolean shared = all.size() > this.floor.mayLeave(endpoints.total());
		boolean paused = this.trouble.isPaused(recall);
		if (decision.granted() && (shared || paused)) {
			decision = Decision.refused(shared ? describeShared(all.size(), endpoints)
					: "other endpoints of the service %s were overloaded when some had left".formatted(this.service));
		}
		Instant now = this.wallClock.instant();
		if (shared && !paused && !absent.pods().isEmpty()) {
			recall = Recall.after(recall, now);
			this.trouble.seen(recall);
		}
		RecordedPods out = decision.granted() ? others.with(this.pod, now) : others;
		deadline.check();
		if (this.api.update(
				record.decided(out, decision.granted() ? inTrouble : inTrouble.with(this.pod, now), recall)) == null) {
			return null;
		}
		this.lastOut = out.names();
		this.lastRecall = recall;
		return decision;
	}

	private String describeShared(int number, ServiceEndpoints endpoints) {
		return "%d of %d endpoints of the service %s are overloaded or stuck, and at most %d may leave"
			.formatted(number, endpoints.total(), this.service, this.floor.mayLeave(endpoints.total()));
	}

	/**
	 * Return the pods that were out of service after the last decision.
	 */
	List<String> lastOut() {
		return this.lastOut;
	}

	private void release(Deadline deadline) {
		try {
			LeaseRecord record = deadline.hasPassed() ? null : read();
			if (record != null && this.pod.equals(record.holder())) {
				this.api.update(record.released());
			}
		}
		catch (RuntimeException ex) {
			// The Lease expires, and what caused this is reported already.
		}
	}

	/**
	 * Read which pods are out of service, and whether they have been recalled since this
	 * pod left.
	 * @param endpoints the endpoints of the service
	 * @return the pods, the longest out first
	 */
	Absences absences(ServiceEndpoints endpoints) {
		LeaseRecord record = read();
		if (record == null) {
			return new Absences(List.of(), false);
		}
		Recall recall = record.recall();
		return new Absences(current(record.out(), endpoints).names(),
				recall != null && !recall.equals(this.lastRecall));
	}

	/**
	 * Remove this pod from those that are out of service.
	 * @param deadline the time limit
	 * @throws InterruptedException if the thread is interrupted
	 * @throws IllegalStateException if there was no time to do it
	 */
	void remove(Deadline deadline) throws InterruptedException {
		deadline.check();
		do {
			LeaseRecord record = read();
			if (record == null || !record.out().names().contains(this.pod)
					|| this.api.update(record.recorded(record.out().without(this.pod))) != null) {
				return;
			}
		}
		while (deadline.pause());
		throw new IllegalStateException(
				"The Lease %s was changed by others in each attempt to remove this pod from the pods that are out of service"
					.formatted(LeaseRecord.nameFor(this.service)));
	}

	/**
	 * Leave out pods that have gone, and those that only seem to be out of service:
	 * because their container was restarted, for example.
	 */
	private RecordedPods current(RecordedPods out, ServiceEndpoints endpoints) {
		Set<String> departures = new HashSet<>();
		out.pods().forEach((each) -> departures.add(each.toString()));
		this.departures.retain(departures);
		return out.matching((each) -> {
			boolean old = this.departures.isOlderThan(each.toString(), this.times.marked());
			return endpoints.contains(each.name()) && !(old && endpoints.isReady(each.name()));
		});
	}

	/**
	 * Pods that are out of service.
	 *
	 * @param pods their names, the longest out first
	 * @param recalled whether all of them have to return
	 */
	record Absences(List<String> pods, boolean recalled) {
	}

}
