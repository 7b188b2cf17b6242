package io.github.eventloop.benchmarks;

import java.util.List;
import java.util.Locale;

import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * A mean and its confidence interval.
 *
 * @param mean the mean
 * @param halfWidth half of the 95 % confidence interval, by Student's t distribution; NaN
 * for a single value
 */
public record Estimate(double mean, double halfWidth) {

	/** Estimate the mean of a population from a sample of at least one value. */
	public static Estimate of(List<Double> values) {
		SummaryStatistics statistics = new SummaryStatistics();
		values.forEach(statistics::addValue);
		double t = (values.size() > 1) ? new TDistribution(values.size() - 1).inverseCumulativeProbability(0.975)
				: Double.NaN;
		return new Estimate(statistics.getMean(), t * statistics.getStandardDeviation() / Math.sqrt(values.size()));
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "%.3f \u00b1 %.3f", this.mean, this.halfWidth);
	}

}
