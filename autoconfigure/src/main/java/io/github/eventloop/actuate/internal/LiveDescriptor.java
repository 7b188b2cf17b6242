package io.github.eventloop.actuate.internal;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.eventloop.actuate.internal.HotspotsDescriptor.HotspotDescriptor;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.stall.Hotspot;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallChanges;

/**
 * Update for readers that poll once a second: the current state of all loops, and what is
 * new.
 *
 * @param instance identifies the process; data of another instance has to be discarded
 * @param application which application this is; left out where the reader has sent the
 * end of a second, and therefore has received it
 * @param eventLoops the state of all loops at the end of the last second, by which the
 * status was judged; their current state if there is no status of that second
 * @param history the seconds that the reader has not received yet
 * @param statusChanges the latest changes of the status, or in the seconds of the history
 * if the reader has received earlier ones, oldest first; left out if the loops are not
 * judged
 * @param position the position to send with the next request
 * @param complete whether these are all existing stalls, so that the reader has to
 * discard all others
 * @param stalls the stalls that have ended since, and all in progress; newest first. One
 * that was in progress at the instant of {@code eventLoops} has the duration that it had
 * at that instant
 * @param hotspots the hotspots with the longest total time; left out where no stall is
 * new
 * @param hint how to see details; left out where they are shown
 */
@JsonPropertyOrder({ "instance", "application", "eventLoops", "history", "statusChanges", "position", "complete",
		"stalls", "hotspots", "hint" })
public record LiveDescriptor(String instance, @Nullable ApplicationDescriptor application,
		EventLoopDescriptor eventLoops, HistoryDescriptor history, @Nullable List<StatusChangeDescriptor> statusChanges,
		long position, boolean complete, List<StallDescriptor> stalls, @Nullable List<HotspotDescriptor> hotspots,
		@Nullable String hint) implements OperationResponseBody {

	private static final int MAX_HOTSPOTS = 20;

	static LiveDescriptor of(String instance, @Nullable ApplicationDescriptor application,
			@Nullable Judgement judgement, EventLoopSnapshot snapshot, HistoryDescriptor history,
			@Nullable List<StatusChangeDescriptor> statusChanges, StallChanges changes,
			@Nullable List<Hotspot> hotspots, @Nullable String hint) {
		boolean withDetails = (hint == null);
		return new LiveDescriptor(instance, application, EventLoopDescriptor.of(judgement, snapshot), history,
				statusChanges, changes.position(), changes.complete(),
				Extent.of(hint)
					.first(changes.stalls(), Stall::inProgress)
					.map((stall) -> StallDescriptor.listed(stall, withDetails))
					.toList(),
				(hotspots != null) ? hotspots.stream()
					.limit(MAX_HOTSPOTS)
					.map((hotspot) -> HotspotDescriptor.of(hotspot, withDetails))
					.toList() : null,
				hint);
	}

}
