package io.github.eventloop.benchmarks.truth;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The difference between the true and the reported value of one figure.
 *
 * @param figure its name
 * @param truth the true value
 * @param reported the reported value
 * @param allowed the maximum difference
 */
record Deviation(String figure, double truth, double reported, double allowed) {

	private static final double UTILIZATION = 0.01;

	private static final double LAG_SHARE = 0.02;

	private static final String UTILIZATION_NAME = "utilization";

	/**
	 * Compare the reported figures with the true ones.
	 * @param schedule the schedule
	 * @param comparison the figures of one snapshot
	 * @return the deviations of all figures that the schedule covers
	 */
	static List<Deviation> of(Schedule schedule, Comparison comparison) {
		Figures truth = comparison.truth();
		Figures reported = comparison.reported();
		Stream<Deviation> figures = Stream.of(
				new Deviation(UTILIZATION_NAME, truth.utilization(), reported.utilization(), UTILIZATION),
				lag(schedule, "p50", truth.p50Millis(), reported.p50Millis()),
				lag(schedule, "p90", truth.p90Millis(), reported.p90Millis()),
				lag(schedule, "p99", truth.p99Millis(), reported.p99Millis()),
				lag(schedule, "max", truth.maxMillis(), reported.maxMillis()));
		Stream<Deviation> pauses = Stream.of(new Deviation("pauses", truth.pauseMillis(), reported.pauseMillis(),
				schedule.pauseShare() * truth.pauseMillis()));
		return (schedule.hasPauses() ? Stream.concat(figures, pauses) : figures).toList();
	}

	private static Deviation lag(Schedule schedule, String name, double truth, double reported) {
		return new Deviation(name, truth, reported, Math.max(schedule.lagMillis(), LAG_SHARE * truth));
	}

	boolean isUtilization() {
		return this.figure.equals(UTILIZATION_NAME);
	}

	double difference() {
		return this.reported - this.truth;
	}

	boolean isAllowed() {
		return Math.abs(difference()) <= this.allowed;
	}

	/**
	 * Return the difference relative to the maximum, 1 if it reaches it.
	 */
	double shareOfAllowed() {
		return Math.abs(difference()) / this.allowed;
	}

	/**
	 * Return the difference as text.
	 */
	String text() {
		return isUtilization() ? String.format(Locale.ROOT, "%+.4f", difference())
				: String.format(Locale.ROOT, "%+.2f ms (%s)", difference(), this.figure);
	}

}
