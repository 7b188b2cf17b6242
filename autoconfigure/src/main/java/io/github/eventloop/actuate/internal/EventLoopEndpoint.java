package io.github.eventloop.actuate.internal;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.finding.FindingDetector;
import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.EventLoopHistory;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.stall.StallChanges;
import io.github.eventloop.stall.StallDetector;

/**
 * {@link Endpoint @Endpoint} that exposes the measurements of the event loops. Extended
 * by {@link EventLoopEndpointWebExtension} for HTTP and by
 * {@link EventLoopEndpointJmxExtension} for JMX.
 */
@Endpoint(id = "eventloop")
public class EventLoopEndpoint {

	private final EventLoopMonitor monitor;

	private final @Nullable EventLoopHealth health;

	private final StallDetector stalls;

	private final BlockingCalls blocking;

	private final String blockingDetector;

	private final FindingDetector findings;

	private final Details details;

	private final ApplicationDescriptor application;

	private final String instance = Long.toHexString(ThreadLocalRandom.current().nextLong());

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
		this.monitor = monitor;
		this.health = health;
		this.stalls = stalls;
		this.blocking = blocking;
		this.blockingDetector = blockingDetector;
		this.findings = findings;
		this.details = details;
		this.application = application;
	}

	/**
	 * Return the current state of all loops.
	 * @return the loops
	 */
	@ReadOperation(producesFrom = OverviewFormat.class)
	public EventLoopDescriptor eventLoops() {
		Judgement judgement = (this.health != null) ? this.health.judgement() : null;
		return EventLoopDescriptor.of(judgement, this.monitor.snapshot());
	}

	EventLoopHistory history(@Nullable Long after) {
		return (after != null) ? this.monitor.history(after) : this.monitor.history();
	}

	StallChanges stallsSince(@Nullable Long position) {
		return this.stalls.changesSince((position != null) ? position : -1);
	}

	StallsDescriptor stalls(@Nullable String hint) {
		return StallsDescriptor.of(this.stalls.stalls(), hint);
	}

	HotspotsDescriptor hotspots(@Nullable String hint) {
		return HotspotsDescriptor.of(this.stalls.hotspots(), hint);
	}

	BlockingDescriptor blocking(@Nullable String hint) {
		return BlockingDescriptor.of(this.blockingDetector, this.blocking.list(), hint);
	}

	FindingsDescriptor diagnosis(@Nullable String hint) {
		return FindingsDescriptor.of(this.findings.find(hint == null), hint);
	}

	LiveDescriptor live(boolean first, EventLoopHistory history, StallChanges changes, @Nullable String hint) {
		return LiveDescriptor.of(this.instance, first ? this.application.visibleWith(hint) : null, eventLoops(),
				HistoryDescriptor.of(history, Extent.of(hint)), statusChanges(first, history), changes,
				changes.isEmpty() ? null : this.stalls.hotspots(), hint);
	}

	private @Nullable List<StatusChangeDescriptor> statusChanges(boolean first, EventLoopHistory history) {
		if (this.health == null) {
			return null;
		}
		long[] ends = history.epochMillis();
		// Listeners judge a second a moment after its end.
		Instant since = first ? Instant.MIN : (ends.length > 0) ? Instant.ofEpochMilli(ends[0] - 1000) : Instant.MAX;
		return StatusChangeDescriptor.listOf(this.health.changes(), since);
	}

	@Nullable String hintFor(SecurityContext reader, boolean local) {
		return this.details.areShownTo(reader, local) ? null : this.details.hint();
	}

	/** Return whether details may be shown to one reader and not to another. */
	boolean detailsDependOnReader() {
		return this.details.dependOnReader();
	}

}
