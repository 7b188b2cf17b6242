package io.github.eventloop.monitor.internal.lag;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

import io.github.eventloop.monitor.Lag;
import io.github.eventloop.monitor.internal.recorder.DurationBuckets;

/**
 * Accumulator that computes the distribution of {@link Lag} from spans of waiting.
 * <p>
 * An event that becomes ready at {@code t} while its loop is in an iteration that ends at
 * {@code e} waits for {@code e - t}. The part of an iteration between two instants is
 * therefore a span in which the wait decreases linearly, from the longest at its
 * beginning to the shortest at its end, which is 0 if the iteration ends there. Let
 * {@code S(x) = sum(w * (max(0, longest - x) - max(0, shortest - x)))} over all spans
 * added, with their weights {@code w}: the time during which an event that became ready
 * had to wait for longer than {@code x}. {@code S(x) / T} is then the probability of a
 * lag above {@code x} over the window {@code T}.
 * <p>
 * {@code S} is piecewise linear with breakpoints at the longest and at the shortest wait
 * of each span, so that all percentiles are found exactly in one scan from the longest
 * wait down. Breakpoints are rounded to the {@link DurationBuckets}, except those of
 * iterations in progress.
 * <p>
 * Not thread-safe.
 */
public final class LagDistribution {

	/** Steps of a distribution that has none. Never written. */
	private static final double[] NO_STEPS = new double[DurationBuckets.COUNT];

	/**
	 * Weights of the breakpoints in each bucket. Those of the shortest waits of spans are
	 * negative.
	 */
	private final double[] weights = new double[DurationBuckets.COUNT];

	/**
	 * Steps of {@code S} at each bucket, in nanoseconds: only external loops have any.
	 */
	private double[] steps = NO_STEPS;

	/**
	 * The range of the buckets in use: on a busy loop, it is faster to iterate over all
	 * of them than to find those that are not empty.
	 */
	private int first = DurationBuckets.COUNT;

	private int last = -1;

	/** The breakpoints of exact waits. */
	private final List<Breakpoint> breakpoints = new ArrayList<>();

	private double windowNanos;

	/**
	 * Add a span in which the wait decreases linearly.
	 * @param shortest the wait at its end, in nanoseconds
	 * @param longest the wait at its beginning, in nanoseconds
	 * @param weight the weight of the span, 1 in the distribution of a single loop
	 */
	public void add(long shortest, long longest, double weight) {
		if (weight != 0 && longest > shortest) {
			this.breakpoints.add(new Breakpoint(longest, weight));
			if (shortest > 0) {
				this.breakpoints.add(new Breakpoint(shortest, -weight));
			}
		}
	}

	/**
	 * Add a span with the precision of the buckets, which take no memory per span.
	 * @param shortest the wait at its end, in nanoseconds
	 * @param longest the wait at its beginning, in nanoseconds
	 * @param weight the weight of the span
	 */
	void addRounded(long shortest, long longest, double weight) {
		if (weight != 0 && longest > shortest) {
			addToBucket(DurationBuckets.indexOf(longest), weight);
			if (shortest > 0) {
				addToBucket(DurationBuckets.indexOf(shortest), -weight);
			}
		}
	}

	/**
	 * Add whole iterations.
	 * @param iterations their number by length
	 * @param weight the weight of each iteration
	 */
	public void add(Histogram iterations, double weight) {
		if (weight != 0) {
			iterations.addTo(this.weights, weight);
			use(iterations.first(), iterations.last());
		}
	}

	/**
	 * Add whole iterations to two distributions.
	 * @param iterations their number by length
	 * @param loop the distribution of the loop
	 * @param all the distribution of all loops
	 * @param weight the weight of each iteration among all loops
	 */
	static void add(Histogram iterations, LagDistribution loop, LagDistribution all, double weight) {
		iterations.addTo(loop.weights, all.weights, weight);
		loop.use(iterations.first(), iterations.last());
		all.use(iterations.first(), iterations.last());
	}

	/**
	 * Add time in which all events that became ready waited equally long.
	 * @param nanos the time in nanoseconds by the length of the wait
	 * @param weight the weight of that time
	 */
	void addSteps(Histogram nanos, double weight) {
		if (weight != 0 && !nanos.isEmpty()) {
			nanos.addTo(ownSteps(), weight);
			use(nanos.first(), nanos.last());
		}
	}

	/**
	 * Add all that was added to another distribution.
	 * @param other the other distribution
	 */
	public void add(LagDistribution other) {
		for (int i = other.first; i <= other.last; i++) {
			this.weights[i] += other.weights[i];
		}
		if (other.steps != NO_STEPS) {
			double[] steps = ownSteps();
			for (int i = other.first; i <= other.last; i++) {
				steps[i] += other.steps[i];
			}
		}
		use(other.first, other.last);
		this.breakpoints.addAll(other.breakpoints);
		this.windowNanos += other.windowNanos;
	}

	private void addToBucket(int bucket, double weight) {
		this.weights[bucket] += weight;
		use(bucket, bucket);
	}

	private double[] ownSteps() {
		if (this.steps == NO_STEPS) {
			this.steps = new double[DurationBuckets.COUNT];
		}
		return this.steps;
	}

	private void use(int first, int last) {
		this.first = Math.min(this.first, first);
		this.last = Math.max(this.last, last);
	}

	/**
	 * Add to the length of the window.
	 * @param nanos the length
	 * @param weight the weight of that time
	 */
	public void addWindow(long nanos, double weight) {
		this.windowNanos += nanos * weight;
	}

	/**
	 * Return the distribution of what was added.
	 * @return the lag; {@link Lag#NONE} for an empty window
	 */
	public Lag toLag() {
		PercentileScan scan = scan();
		long longest = scan.longest();
		if (this.windowNanos <= 0 || longest == 0) {
			return Lag.NONE;
		}
		// Highest percentile first: the scan only moves forward.
		long p99 = scan.lagExceededFor(0.01 * this.windowNanos);
		long p90 = scan.lagExceededFor(0.1 * this.windowNanos);
		long p50 = scan.lagExceededFor(0.5 * this.windowNanos);
		long mean = Math.min(longest, Math.round(Math.max(0, scan.area()) / this.windowNanos));
		return new Lag(mean, p50, p90, p99, longest);
	}

	private PercentileScan scan() {
		this.breakpoints.sort(Breakpoint.LONGEST_FIRST);
		return new PercentileScan(this.weights, this.steps, this.first, this.last, this.breakpoints);
	}

	/**
	 * Return the total length of the spans.
	 * @return the time in nanoseconds
	 */
	public double spanNanos() {
		double total = 0;
		for (int i = this.first; i <= this.last; i++) {
			total += this.weights[i] * DurationBuckets.middleOf(i);
		}
		for (Breakpoint breakpoint : this.breakpoints) {
			total += breakpoint.weight * breakpoint.nanos;
		}
		return total;
	}

	/**
	 * Compute the lags of virtual events that become ready at regular intervals, longest
	 * first.
	 * @param lags receives the lags in nanoseconds
	 * @param phase the position of each event in its interval, 0..1
	 * @param spanNanos the length of the time in which the events become ready
	 */
	public void arrivals(long[] lags, double phase, double spanNanos) {
		double interval = spanNanos / lags.length;
		PercentileScan scan = scan();
		for (int i = 0; i < lags.length; i++) {
			lags[i] = scan.lagExceededFor((i + phase) * interval);
			if (lags[i] == 0) {
				break;
			}
		}
	}

	/**
	 * Return the rounded waits of a distribution of one loop, to be
	 * {@linkplain #add(Histogram, double) added} to another.
	 * @return the number of iterations, or of parts of them, by length
	 */
	SparseHistogram iterations() {
		return rounded(this.weights);
	}

	/**
	 * Return the steps of a distribution, to be {@linkplain #addSteps(Histogram, double)
	 * added} to another.
	 * @return the time in nanoseconds by the length of the wait
	 */
	SparseHistogram steps() {
		return (this.steps != NO_STEPS) ? rounded(this.steps) : SparseHistogram.EMPTY;
	}

	private SparseHistogram rounded(double[] values) {
		SparseHistogram.Builder histogram = new SparseHistogram.Builder();
		for (int i = this.first; i <= this.last; i++) {
			histogram.add(i, Math.round(values[i]));
		}
		return histogram.build();
	}

	/** Remove everything that was added. */
	public void clear() {
		for (int i = this.first; i <= this.last; i++) {
			this.weights[i] = 0;
		}
		if (this.steps != NO_STEPS) {
			Arrays.fill(this.steps, 0);
		}
		this.first = DurationBuckets.COUNT;
		this.last = -1;
		this.breakpoints.clear();
		this.windowNanos = 0;
	}

	/**
	 * A change of the slope of {@code S}.
	 */
	record Breakpoint(long nanos, double weight) {

		static final Comparator<Breakpoint> LONGEST_FIRST = Comparator.comparingLong(Breakpoint::nanos).reversed();

	}

}
