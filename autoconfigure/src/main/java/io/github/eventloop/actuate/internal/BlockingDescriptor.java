package io.github.eventloop.actuate.internal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.eventloop.blocking.BlockingHotspot;
import io.github.eventloop.blocking.BlockingKind;

/**
 * Blocking calls that were detected on loops, grouped by kind and culprit.
 *
 * @param detector the name of the detector; {@code none} if there is no detector
 * @param calls the groups, those with the longest total time first
 * @param hint how to see details; left out where they are shown
 */
@JsonPropertyOrder({ "detector", "calls", "hint" })
public record BlockingDescriptor(String detector, List<Calls> calls,
		@Nullable String hint) implements OperationResponseBody {

	static BlockingDescriptor of(String detector, List<BlockingHotspot> calls, @Nullable String hint) {
		return new BlockingDescriptor(detector,
				Extent.of(hint).first(calls).map((each) -> Calls.of(each, hint == null)).toList(), hint);
	}

	/**
	 * The blocking calls of one kind and culprit. Details are left out for readers that
	 * are not shown any; see {@link Details}.
	 *
	 * @param kind what the calls waited for
	 * @param culprit a detail: the line that made the calls; left out where there is none
	 * @param count the number of calls
	 * @param totalMillis their total duration; 0 if the detector does not measure it
	 * @param maxMillis the longest duration; 0 if the detector does not measure it
	 * @param lastSeenAt when the newest call ended
	 * @param lastLoop the name of the thread of the loop that made the newest call
	 * @param stack a detail: the stack of the longest, innermost frame first, with the
	 * frames of frameworks folded
	 */
	@JsonPropertyOrder({ "kind", "culprit", "count", "totalMillis", "maxMillis", "lastSeenAt", "lastLoop", "stack" })
	public record Calls(BlockingKind kind, @Nullable CulpritDescriptor culprit, long count, double totalMillis,
			double maxMillis, Instant lastSeenAt, String lastLoop, @Nullable List<String> stack) {

		private static Calls of(BlockingHotspot calls, boolean withDetails) {
			return new Calls(calls.kind(), withDetails ? CulpritDescriptor.of(calls.culprit()) : null, calls.count(),
					Numbers.millis(calls.total().toNanos()), Numbers.millis(calls.max().toNanos()),
					calls.lastSeenAt().truncatedTo(ChronoUnit.MILLIS), calls.lastLoop(),
					withDetails ? calls.stack() : null);
		}

	}

}
