package io.github.eventloop.kubernetes.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import org.jspecify.annotations.Nullable;

/**
 * Content of the Lease of a service: the pod that decides at the moment, and the pods
 * that are out of service. Immutable.
 *
 * @param lease the Lease, which is never modified
 */
record LeaseRecord(Lease lease) {

	/** Annotation with the pods that are out of service. */
	static final String OUT = "eventloop.github.io/out";

	/** Annotation with the pods that had to stay although they are in trouble. */
	static final String IN_TROUBLE = "eventloop.github.io/in-trouble";

	/** Annotation with the {@link Recall} of all pods that were out of service. */
	static final String RECALLED = "eventloop.github.io/recalled";

	private static final String PREFIX = "eventloop-";

	/**
	 * Return the name of the Lease of a service. It is always valid: the name of a
	 * service has at most 63 characters, that of a Lease may have 253.
	 */
	static String nameFor(String service) {
		return PREFIX + service;
	}

	/**
	 * Create the record of a service that has none, held by a pod.
	 */
	static Lease heldBy(String pod, String service, String namespace, Duration duration, Instant now) {
		ZonedDateTime time = time(now);
		return new LeaseBuilder().withNewMetadata()
			.withName(nameFor(service))
			.withNamespace(namespace)
			.addToLabels("app.kubernetes.io/managed-by", "eventloop")
			.endMetadata()
			.withNewSpec()
			.withHolderIdentity(pod)
			.withLeaseDurationSeconds(seconds(duration))
			.withAcquireTime(time)
			.withRenewTime(time)
			.withLeaseTransitions(0)
			.endSpec()
			.build();
	}

	/**
	 * Return this Lease, held by a pod from now on.
	 */
	Lease acquiredBy(String pod, Duration duration, Instant now) {
		ZonedDateTime time = time(now);
		LeaseSpec spec = this.lease.getSpec();
		Integer transitions = (spec != null) ? spec.getLeaseTransitions() : null;
		return new LeaseBuilder(this.lease).editOrNewSpec()
			.withHolderIdentity(pod)
			.withLeaseDurationSeconds(seconds(duration))
			.withAcquireTime(time)
			.withRenewTime(time)
			.withLeaseTransitions((transitions != null) ? transitions + 1 : 0)
			.endSpec()
			.build();
	}

	/**
	 * Return this Lease without a holder.
	 */
	Lease released() {
		return new LeaseBuilder(this.lease).editOrNewSpec().withHolderIdentity(null).endSpec().build();
	}

	/**
	 * Return this Lease without a holder, and with the result of its decision.
	 */
	Lease decided(RecordedPods out, RecordedPods inTrouble, @Nullable Recall recall) {
		Lease lease = annotated(annotated(recorded(out), IN_TROUBLE, inTrouble.format()), RECALLED,
				(recall != null) ? recall.format() : "");
		return new LeaseRecord(lease).released();
	}

	/**
	 * Return this Lease with other pods that are out of service, and the same holder.
	 */
	Lease recorded(RecordedPods out) {
		return annotated(this.lease, OUT, out.format());
	}

	private static Lease annotated(Lease lease, String name, String value) {
		LeaseBuilder builder = new LeaseBuilder(lease);
		return (value.isEmpty() ? builder.editMetadata().removeFromAnnotations(name).endMetadata()
				: builder.editMetadata().addToAnnotations(name, value).endMetadata())
			.build();
	}

	@Nullable String holder() {
		LeaseSpec spec = this.lease.getSpec();
		String holder = (spec != null) ? spec.getHolderIdentity() : null;
		return (holder != null && !holder.isEmpty()) ? holder : null;
	}

	/**
	 * Return what distinguishes the time for which the holder holds the Lease from all
	 * others. Does not change with the pods that are out of service.
	 */
	String term() {
		LeaseSpec spec = this.lease.getSpec();
		return (spec != null) ? "%s %s %s %s".formatted(spec.getHolderIdentity(), spec.getLeaseTransitions(),
				spec.getAcquireTime(), spec.getRenewTime()) : "";
	}

	RecordedPods out() {
		return RecordedPods.parse(annotation(OUT));
	}

	RecordedPods inTrouble() {
		return RecordedPods.parse(annotation(IN_TROUBLE));
	}

	@Nullable Recall recall() {
		return Recall.parse(annotation(RECALLED));
	}

	private @Nullable String annotation(String name) {
		Map<String, String> annotations = this.lease.getMetadata().getAnnotations();
		return (annotations != null) ? annotations.get(name) : null;
	}

	/** The API server keeps microseconds. */
	private static ZonedDateTime time(Instant now) {
		return ZonedDateTime.ofInstant(now.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
	}

	private static int seconds(Duration duration) {
		return Math.max(1, (int) duration.toSeconds());
	}

}
