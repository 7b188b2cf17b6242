package io.github.eventloop.actuate.internal;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.eventloop.monitor.EventLoopHistory;

/**
 * Measurements of each second, oldest first, as columns of the same length for charts.
 *
 * @param intervalSeconds the time between two values
 * @param epochMillis when each second ended, by the wall clock
 * @param lagP50Millis the median lag of all loops in each second
 * @param lagP99Millis the 99th percentile of the lag of all loops in each second
 * @param lagMaxMillis the longest lag of all loops in each second
 * @param utilization the mean utilization of the started loops, 0..1
 * @param cpuUtilization the mean share of each second that the threads of the started
 * loops had a CPU, 0..1
 * @param processCpuUtilization the share of the available CPUs that the process had, 0..1
 * @param pauseMillis the time for which the process was not running
 * @param requests the number of requests that arrived on the loops that count; left out
 * if no loop accepts connections
 * @param loops the loops
 */
@JsonPropertyOrder({ "intervalSeconds", "epochMillis", "lagP50Millis", "lagP99Millis", "lagMaxMillis", "utilization",
		"cpuUtilization", "processCpuUtilization", "pauseMillis", "requests", "loops" })
public record HistoryDescriptor(int intervalSeconds, List<Long> epochMillis, List<Double> lagP50Millis,
		List<Double> lagP99Millis, List<Double> lagMaxMillis, List<Double> utilization, List<Double> cpuUtilization,
		List<Double> processCpuUtilization, List<Double> pauseMillis, @Nullable List<Long> requests,
		List<Loop> loops) implements OperationResponseBody {

	private static final int OVERALL_COLUMNS = 9;

	private static final int LOOP_COLUMNS = 4;

	static HistoryDescriptor of(EventLoopHistory history, Extent extent) {
		int from = history.epochMillis().length - seconds(history, extent);
		return new HistoryDescriptor(1, Arrays.stream(history.epochMillis()).skip(from).boxed().toList(),
				column(history.lagP50Nanos(), from, HistoryDescriptor::millis),
				column(history.lagP99Nanos(), from, HistoryDescriptor::millis),
				column(history.lagMaxNanos(), from, HistoryDescriptor::millis),
				column(history.utilization(), from, Numbers::share),
				column(history.cpuUtilization(), from, Numbers::share),
				column(history.processCpuUtilization(), from, Numbers::share),
				column(history.pauseNanos(), from, HistoryDescriptor::millis), requests(history.requests(), from),
				history.loops().stream().map((loop) -> Loop.of(loop, from)).toList());
	}

	private static @Nullable List<Long> requests(float @Nullable [] requests, int from) {
		return (requests != null) ? IntStream.range(from, requests.length).mapToObj((i) -> (long) requests[i]).toList()
				: null;
	}

	/** Return how many seconds are shown. */
	private static int seconds(EventLoopHistory history, Extent extent) {
		int columns = OVERALL_COLUMNS + LOOP_COLUMNS * history.loops().size();
		return Math.min(history.epochMillis().length, extent.seconds(columns));
	}

	private static double millis(double nanos) {
		return Numbers.millis(Math.round(nanos));
	}

	private static List<Double> column(float[] values, int from, DoubleUnaryOperator unit) {
		return IntStream.range(from, values.length).mapToObj((i) -> unit.applyAsDouble(values[i])).toList();
	}

	/**
	 * Return whether the newest value is known. An earlier one may not be, such as that
	 * of the second in which a thread ended, and is 0, as before the loop was monitored.
	 */
	private static boolean isKnown(float[] values) {
		return values.length == 0 || !Float.isNaN(values[values.length - 1]);
	}

	/**
	 * The history of one loop. Seconds before the loop was monitored contain 0.
	 *
	 * @param name the name of its thread
	 * @param lagP99Millis the 99th percentile of its lag in each second
	 * @param lagMaxMillis its longest lag in each second
	 * @param utilization its utilization, 0..1; left out where it is not known
	 * @param cpuUtilization the share of each second that its thread had a CPU, 0..1;
	 * left out where it is not known
	 * @param approximate {@code true} for an external loop, which is measured
	 * approximately: its lag is an estimate; left out for all others
	 */
	@JsonPropertyOrder({ "name", "lagP99Millis", "lagMaxMillis", "utilization", "cpuUtilization", "approximate" })
	public record Loop(String name, List<Double> lagP99Millis, List<Double> lagMaxMillis,
			@Nullable List<Double> utilization, @Nullable List<Double> cpuUtilization, @Nullable Boolean approximate) {

		private static Loop of(EventLoopHistory.Loop loop, int from) {
			return new Loop(loop.name(), column(loop.lagP99Nanos(), from, HistoryDescriptor::millis),
					column(loop.lagMaxNanos(), from, HistoryDescriptor::millis),
					loop.approximate() ? null : column(loop.utilization(), from, Numbers::share),
					isKnown(loop.cpuUtilization()) ? column(loop.cpuUtilization(), from, Numbers::share) : null,
					loop.approximate() ? true : null);
		}

	}

}
