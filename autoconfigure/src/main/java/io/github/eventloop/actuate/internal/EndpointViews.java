package io.github.eventloop.actuate.internal;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;

import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.finding.FindingDetector;
import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.EventLoopHistory;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.stall.StallChanges;
import io.github.eventloop.stall.StallDetector;

/**
 * The data of the {@link EventLoopEndpoint} and its extensions. Not part of these,
 * because Spring loads the types that the methods of a bean mention at the start.
 */
final class EndpointViews {

	private final EventLoopMonitor monitor;

	private final @Nullable EventLoopHealth health;

	private final StallDetector stalls;

	private final BlockingCalls blocking;

	private final String blockingDetector;

	private final FindingDetector findings;

	private final Details details;

	private final ApplicationDescriptor application;

	private final String instance = Long.toHexString(ThreadLocalRandom.current().nextLong());

	EndpointViews(EventLoopMonitor monitor, @Nullable EventLoopHealth health, StallDetector stalls,
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

	EventLoopDescriptor overview() {
		return EventLoopDescriptor.of(judgement(), this.monitor.snapshot());
	}

	private @Nullable Judgement judgement() {
		return (this.health != null) ? this.health.judgement() : null;
	}

	EventLoopHistory history(@Nullable Long after) {
		return (after != null) ? this.monitor.history(after) : this.monitor.history();
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

	LiveDescriptor live(@Nullable Long after, @Nullable Long position, @Nullable String hint) {
		boolean first = (after == null);
		EventLoopHistory history = history(after);
		Judgement judgement = judgement();
		EventLoopSnapshot snapshot = snapshotOf(judgement);
		StallChanges changes = this.stalls.changesSince((position != null) ? position : -1, snapshot.nanoTime());
		return LiveDescriptor.of(this.instance, first ? this.application.visibleWith(hint) : null, judgement, snapshot,
				HistoryDescriptor.of(history, Extent.of(hint)), statusChanges(first, history), changes,
				changes.isEmpty() ? null : this.stalls.hotspots(snapshot.nanoTime()), hint);
	}

	/** The figures of the loops are those that the reason for the status quotes. */
	private EventLoopSnapshot snapshotOf(@Nullable Judgement judgement) {
		EventLoopSnapshot judged = (this.health != null && judgement != null) ? this.health.snapshotOf(judgement)
				: null;
		return (judged != null) ? judged : this.monitor.snapshot();
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
