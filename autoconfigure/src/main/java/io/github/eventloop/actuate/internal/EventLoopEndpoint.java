package io.github.eventloop.actuate.internal;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.finding.FindingDetector;
import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.stall.StallDetector;

/**
 * {@link Endpoint @Endpoint} that exposes the measurements of the event loops. Extended
 * by {@link EventLoopEndpointWebExtension} for HTTP and by
 * {@link EventLoopEndpointJmxExtension} for JMX.
 */
@Endpoint(id = "eventloop")
public class EventLoopEndpoint {

	private final EndpointViews views;

	/**
	 * Create an endpoint.
	 * @param monitor the monitor of the loops
	 * @param health the health of the loops, or {@code null} if they are not judged
	 * @param stalls the detector of stalls
	 * @param blocking the blocking calls that were detected
	 * @param blockingDetector the name of their detector; {@code none} if there is none
	 * @param findings the detector of what is wrong
	 * @param details the rule for which readers are shown details
	 * @param application which application this is
	 */
	public EventLoopEndpoint(EventLoopMonitor monitor, @Nullable EventLoopHealth health, StallDetector stalls,
			BlockingCalls blocking, String blockingDetector, FindingDetector findings, Details details,
			ApplicationDescriptor application) {
		this.views = new EndpointViews(monitor, health, stalls, blocking, blockingDetector, findings, details,
				application);
	}

	/**
	 * Return the current state of all loops.
	 * @return the loops
	 */
	@ReadOperation(producesFrom = OverviewFormat.class)
	public EventLoopDescriptor eventLoops() {
		return this.views.overview();
	}

	/** Return the data of the extensions. */
	EndpointViews views() {
		return this.views;
	}

}
