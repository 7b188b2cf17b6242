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
		return (reach(nanos) || this.sum >= nanos) ? interpolate(nanos) : 0;
	}

	/**
	 * Return the area below {@code S}: the sum of all waits.
	 * @return the area in square nanoseconds
	 */
	double area() {
		reach(Double.POSITIVE_INFINITY);
		return this.area;
	}

	/**
	 * Return the wait of the next breakpoint, or -1 if there is none.
	 */
	private long next() {
		this.nextBucket = notEmpty(this.nextBucket);
		return Math.max(middleOf(this.nextBucket), exact(this.nextBreakpoint));
	}

	/**
	 * Skip the empty buckets, such as that of an iteration that was replaced with a part
	 * of it.
	 */
	private int notEmpty(int bucket) {
		int next = bucket;
		while (next >= this.firstBucket && this.weights[next] == 0 && this.steps[next] == 0) {
			next--;
		}
		return next;
	}

	private long middleOf(int bucket) {
		return (bucket >= this.firstBucket) ? DurationBuckets.middleOf(bucket) : -1;
	}

	private long exact(int breakpoint) {
		return (breakpoint < this.breakpoints.size()) ? this.breakpoints.get(breakpoint).nanos() : -1;
	}

	/**
	 * Advance to the last breakpoint above the wait at which {@code S} has a given value,
	 * or over all of them. The position is in local variables meanwhile, because a
	 * snapshot of busy loops spends much of its time here.
	 * @param nanos the value of {@code S}
	 * @return whether a breakpoint is left
	 */
	private boolean reach(double nanos) {
		int bucket = notEmpty(this.nextBucket);
		int breakpoint = this.nextBreakpoint;
		long exact = exact(breakpoint);
		double weight = this.weight;
		double sum = this.sum;
		double area = this.area;
		long reached = this.reached;
		long middle = middleOf(bucket);
		long wait = Math.max(middle, exact);
		// S at this wait: if it reaches the value, that lies above.
		while (wait >= 0 && sum - weight * wait < nanos) {
			double added;
			double step = 0;
			if (exact >= middle) {
				added = this.breakpoints.get(breakpoint++).weight();
				exact = exact(breakpoint);
			}
			else {
				added = this.weights[bucket];
				step = this.steps[bucket];
				bucket = notEmpty(bucket - 1);
			}
			weight += added;
			sum += added * wait + step;
			area += (added * wait / 2 + step) * wait;
			reached = wait;
			middle = middleOf(bucket);
			wait = Math.max(middle, exact);
		}
		this.nextBucket = bucket;
		this.nextBreakpoint = breakpoint;
		this.weight = weight;
		this.sum = sum;
		this.area = area;
		this.reached = reached;
		return wait >= 0;
	}

	private long interpolate(double nanos) {
		if (this.weight <= 0) {
			return this.reached;
		}
		return Math.max(0, Math.min(this.reached, Math.round((this.sum - nanos) / this.weight)));
	}

}
