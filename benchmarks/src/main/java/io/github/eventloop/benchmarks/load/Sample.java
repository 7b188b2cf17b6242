package io.github.eventloop.benchmarks.load;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of one request.
 *
 * @param dueNanos when it was due, in nanoseconds since the load began
 * @param lateNanos how much later than that the client sent it; large values mean that
 * the client was the bottleneck
 * @param latencyNanos the time from when it was due to its complete answer or its failure
 * @param outcome how it ended
 * @param status the status of the answer, 0 if there is none
 * @param clientPort the client port of the connection that carried it, 0 if it got none
 * @param instance the value of the header that names the instance, if the load is
 * configured with one and the answer contains it
 * @param error the error, if it was not answered
 */
public record Sample(long dueNanos, long lateNanos, long latencyNanos, Outcome outcome, int status, int clientPort,
		@Nullable String instance, @Nullable String error) {

	/**
	 * Return the second of the load that it was due in.
	 * @return 0 for the first second
	 */
	public int second() {
		return (int) (this.dueNanos / 1_000_000_000L);
	}

}
