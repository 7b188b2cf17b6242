package io.github.eventloop.benchmarks.truth;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

import io.github.eventloop.monitor.Lag;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.PauseTotals;

/**
 * The figures of one loop over a period of time.
 *
 * @param utilization the share of the time that it was busy, 0 to 1
 * @param p50Millis median of the lag
 * @param p90Millis its 90th percentile
 * @param p99Millis its 99th percentile
 * @param maxMillis its maximum
 * @param pauseMillis the time for which the whole process did not run
 */
record Figures(double utilization, double p50Millis, double p90Millis, double p99Millis, double maxMillis,
		double pauseMillis) {

	private static final int COUNT = 6;

	private static final double NANOS_PER_MILLI = 1e6;

	static Figures of(LoopSnapshot loop, PauseTotals pause) {
		Lag lag = loop.lag();
		return new Figures(loop.utilization(), lag.p50Nanos() / NANOS_PER_MILLI, lag.p90Nanos() / NANOS_PER_MILLI,
				lag.p99Nanos() / NANOS_PER_MILLI, lag.maxNanos() / NANOS_PER_MILLI,
				pause.totalNanos() / NANOS_PER_MILLI);
	}

	/**
	 * Return the figures as one line, to be read by another process.
	 */
	String toLine() {
		return DoubleStream
			.of(this.utilization, this.p50Millis, this.p90Millis, this.p99Millis, this.maxMillis, this.pauseMillis)
			.mapToObj((value) -> String.format(Locale.ROOT, "%.6f", value))
			.collect(Collectors.joining(" "));
	}

	static Figures of(String line) {
		String[] values = line.trim().split(" ", -1);
		if (values.length != COUNT) {
			throw new IllegalArgumentException("Must be %d numbers: '%s'".formatted(COUNT, line));
		}
		return new Figures(Double.parseDouble(values[0]), Double.parseDouble(values[1]), Double.parseDouble(values[2]),
				Double.parseDouble(values[3]), Double.parseDouble(values[4]), Double.parseDouble(values[5]));
	}

}
