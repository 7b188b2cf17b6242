package io.github.eventloop.actuate;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.PauseTotals;

/**
 * All event loops.
 *
 * @param status how they are judged, or {@code null} if nothing judges them
 * @param reason why, in words
 * @param windowSeconds the time that lag, utilization and pauses are over
 * @param lag what an event on a random open channel meets
 * @param utilization the mean utilization of the started loops, 0..1
 * @param pause the pauses of the whole process
 * @param stalls the iterations longer than the stall threshold
 * @param loops the loops
 * @since 0.1.0
 */
@JsonPropertyOrder({ "status", "reason", "windowSeconds", "lag", "utilization", "pause", "stalls", "loops" })
public record EventLoopDescriptor(@JsonInclude(Include.NON_NULL) @Nullable EventLoopStatus status, String reason,
		double windowSeconds, LagDescriptor lag, double utilization, Pause pause, Stalls stalls,
		List<LoopDescriptor> loops) implements OperationResponseBody {

	static EventLoopDescriptor of(@Nullable Judgement judgement, EventLoopSnapshot snapshot) {
		return new EventLoopDescriptor((judgement != null) ? judgement.status() : null,
				(judgement != null) ? judgement.reason() : "not judged: there is no EventLoopHealth",
				Numbers.seconds(snapshot.window().toNanos()), LagDescriptor.of(snapshot.lag()),
				Numbers.share(snapshot.utilization()), Pause.of(snapshot.pause()),
				new Stalls(snapshot.stalls(), snapshot.stallsInProgress()),
				snapshot.loops().stream().map(LoopDescriptor::of).toList());
	}

	/**
	 * The pauses of the whole process in the window, in milliseconds.
	 *
	 * @param maxMillis the longest
	 * @param totalMillis all together
	 */
	@JsonPropertyOrder({ "maxMillis", "totalMillis" })
	public record Pause(double maxMillis, double totalMillis) {

		private static Pause of(PauseTotals totals) {
			return new Pause(Numbers.millis(totals.maxNanos()), Numbers.millis(totals.totalNanos()));
		}

	}

	/**
	 * The iterations longer than the stall threshold.
	 *
	 * @param total how many ended since the application started
	 * @param inProgress how many loops are in one now
	 */
	@JsonPropertyOrder({ "total", "inProgress" })
	public record Stalls(long total, int inProgress) {
	}

}
