package io.github.eventloop.kubernetes.internal;

import io.github.eventloop.health.ReadinessGate;

/**
 * {@link ReadinessGate} of an instance whose pod is not known: it stays in service,
 * because it has no information about the others. Immutable.
 *
 * @param reason the reason for which the pod is not known
 */
public record UnknownPodGate(String reason) implements ReadinessGate {

	@Override
	public Decision leave(Departure departure) {
		return Decision.refused(this.reason);
	}

	@Override
	public void returned() {
		// It has never left.
	}

}
