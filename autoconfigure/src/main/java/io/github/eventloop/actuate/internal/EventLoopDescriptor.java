package io.github.eventloop.actuate.internal;

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
 * Overview of all event loops.
 *
 * @param status the status, or {@code null} without an
 * {@link io.github.eventloop.health.EventLoopHealth}
 * @param reason the reason for the status, in words
 * @param windowSeconds the length of the window of lag, utilization and pauses
 * @param lag the lag of an event on a random open channel
 * @param utilization the mean utilization of the started loops, 0..1
 * @param pause the pauses of the whole process
 * @param stalls the iterations longer than the stall threshold
 * @param loops the loops
 * @param unmeasured the names of the threads that look like event loops and are not
 * monitored; left out if there are none
 */
@JsonPropertyOrder({ "status", "reason", "windowSeconds", "lag", "utilization", "pause", "stalls", "loops",
		"unmeasured" })
public record EventLoopDescriptor(@JsonInclude(Include.NON_NULL) @Nullable EventLoopStatus status, String reason,
		double windowSeconds, LagDescriptor lag, double utilization, Pause pause, Stalls stalls,
		List<LoopDescriptor> loops, @Nullable List<String> unmeasured) implements OperationResponseBody {

	static EventLoopDescriptor of(@Nullable Judgement judgement, EventLoopSnapshot snapshot) {
		return new EventLoopDescriptor((judgement != null) ? judgement.status() : null,
				(judgement != null) ? judgement.reason() : "not judged: there is no EventLoopHealth",
				Numbers.seconds(snapshot.window().toNanos()), LagDescriptor.of(snapshot.lag()),
				Numbers.share(snapshot.utilization()), Pause.of(snapshot.pause()),
				new Stalls(snapshot.stalls(), snapshot.stallsInProgress()),
				snapshot.loops().stream().map(LoopDescriptor::of).toList(), UnmeasuredLoops.names(snapshot));
	}

	/**
	 * The pauses of the whole process in the window, in milliseconds.
	 *
	 * @param maxMillis the longest pause
	 * @param totalMillis the total of all pauses
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
	 * @param total the number of stalls that have ended since the application started
	 * @param inProgress the number of loops that are stalled now
	 */
	@JsonPropertyOrder({ "total", "inProgress" })
	public record Stalls(long total, int inProgress) {
	}

}
