package io.github.eventloop.monitor.internal.lag;

import java.util.List;

import io.github.eventloop.monitor.internal.recorder.DurationBuckets;

/**
 * Scan of the {@code S} of a {@link LagDistribution} from the longest wait down.
 * <p>
 * Not thread-safe. The distribution must not change during the scan.
 */
final class PercentileScan {

	private final double[] weights;

	private final double[] steps;

	private final int firstBucket;

	private final List<LagDistribution.Breakpoint> breakpoints;

	private final long longest;

	private int nextBucket;

	private int nextBreakpoint;

	private double weight;

	private double sum;

	private double area;

	/** The shortest wait that was reached so far, at first the longest one. */
	private long reached;

	/**
	 * Start a scan.
	 * @param weights the weights of the breakpoints in each bucket
	 * @param steps the steps at each bucket
	 * @param first the first bucket in use
	 * @param last the last bucket in use
	 * @param breakpoints the breakpoints of exact waits, longest first
	 */
	PercentileScan(double[] weights, double[] steps, int first, int last,
			List<LagDistribution.Breakpoint> breakpoints) {
		this.weights = weights;
		this.steps = steps;
		this.firstBucket = first;
		this.nextBucket = last;
		this.breakpoints = breakpoints;
		this.longest = Math.max(0, next());
		this.reached = this.longest;
	}

	/**
	 * Return the longest wait.
	 * @return the wait in nanoseconds, or 0 if there is none
	 */
	long longest() {
		return this.longest;
	}

	/**
	 * Return the lag that is exceeded for a given time: the {@code x} at which
	 * {@code S(x)} has the given value, or 0 if there is none.
	 * @param nanos the value of {@code S}, not less than in the previous call
	 */
	long lagExceededFor(double nanos) {
		for (long wait = next(); wait >= 0; wait = next()) {
			// S at this wait: if it reaches the target, the result lies above.
			if (this.sum - this.weight * wait >= nanos) {
				return interpolate(nanos);
			}
			reach(wait);
		}
		return (this.sum >= nanos) ? interpolate(nanos) : 0;
	}

	/**
	 * Return the area below {@code S}: the sum of all waits.
	 * @return the area in square nanoseconds
	 */
	double area() {
		for (long wait = next(); wait >= 0; wait = next()) {
			reach(wait);
		}
		return this.area;
	}

	/**
	 * Return the wait of the next breakpoint, or -1 if there is none. Skips the empty
	 * buckets, such as that of an iteration that was replaced with a part of it.
	 */
	private long next() {
		while (this.nextBucket >= this.firstBucket && this.weights[this.nextBucket] == 0
				&& this.steps[this.nextBucket] == 0) {
			this.nextBucket--;
		}
		long bucket = (this.nextBucket >= this.firstBucket) ? DurationBuckets.middleOf(this.nextBucket) : -1;
		return isExact(bucket) ? this.breakpoints.get(this.nextBreakpoint).nanos() : bucket;
	}

	private boolean isExact(long bucket) {
		return this.nextBreakpoint < this.breakpoints.size()
				&& this.breakpoints.get(this.nextBreakpoint).nanos() >= bucket;
	}

	private void reach(long wait) {
		double weight;
		double step = 0;
		if (isExact(wait)) {
			weight = this.breakpoints.get(this.nextBreakpoint++).weight();
		}
		else {
			weight = this.weights[this.nextBucket];
			step = this.steps[this.nextBucket--];
		}
		this.weight += weight;
		this.sum += weight * wait + step;
		this.area += (weight * wait / 2 + step) * wait;
		this.reached = wait;
	}

	private long interpolate(double nanos) {
		if (this.weight <= 0) {
			return this.reached;
		}
		return Math.max(0, Math.min(this.reached, Math.round((this.sum - nanos) / this.weight)));
	}

}
