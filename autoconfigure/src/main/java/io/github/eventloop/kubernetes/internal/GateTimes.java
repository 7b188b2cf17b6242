package io.github.eventloop.kubernetes.internal;

import java.time.Duration;

/**
 * Time limits of the gate. Immutable.
 *
 * @param budget the time for one call of the gate; less than the 5 seconds after which
 * its caller stops waiting
 * @param lease the time after which a Lease that is held is taken over, because its
 * holder must have died: much longer than the budget
 * @param marked the time in which a pod that has left is marked as not ready. A pod that
 * still looks ready afterwards has been restarted, or its probes do not read the status
 * of the event loops: it counts as in service
 * @param back the time in which a pod that returns is marked as ready. Until then, it
 * counts as ready when the instances decide which of them have to return
 * @param poll the time after which the availability is checked although nothing has
 * changed
 */
record GateTimes(Duration budget, Duration lease, Duration marked, Duration back, Duration poll) {

	static final GateTimes DEFAULT = new GateTimes(Duration.ofSeconds(4), Duration.ofSeconds(15),
			Duration.ofSeconds(60), Duration.ofSeconds(20), Duration.ofSeconds(5));

}
