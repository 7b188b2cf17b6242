package io.github.eventloop.monitor;

import java.util.ArrayList;
import java.util.List;

import org.assertj.core.data.Offset;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reference implementation of the lag of events by its definition: an event that becomes
 * ready at {@code t} and is handled at {@code e} waits for {@code e - t}. It computes no
 * percentiles, but checks for each reported one that this share of the events waited that
 * long.
 */
public final class LagTruth {

	/** Half a bucket, plus a margin for spans that are rounded at both ends. */
	private static final double ROUNDED = 0.01;

	private final List<Span> spans = new ArrayList<>();

	private double time;

	/**
	 * Add time in which events become ready.
	 * @param from the start of the time
	 * @param to the end of the time
	 * @param weight the weight of the time
	 * @return this
	 */
	public LagTruth time(long from, long to, double weight) {
		this.time += weight * (to - from);
		return this;
	}

	/**
	 * Add events that wait.
	 * @param from when the first becomes ready
	 * @param to when the last becomes ready
	 * @param until when they are handled
	 * @param weight the weight of the events
	 * @return this
	 */
	public LagTruth waiting(long from, long to, long until, double weight) {
		if (to > from && weight > 0) {
			this.spans.add(new Span(from, to, until, weight));
		}
		return this;
	}

	/** Assert that a lag is that of these events. */
	public void assertIs(Lag lag) {
		if (this.time < 1) {
			assertThat(lag).isEqualTo(Lag.NONE);
			return;
		}
		assertThat((double) lag.maxNanos()).as("max").isCloseTo(max(), Offset.offset(ROUNDED * max() + 10));
		assertThat((double) lag.meanNanos()).as("mean").isCloseTo(mean(), Offset.offset(2 * ROUNDED * mean() + 10));
		assertPercentile(lag.p50Nanos(), 0.5);
		assertPercentile(lag.p90Nanos(), 0.1);
		assertPercentile(lag.p99Nanos(), 0.01);
	}

	private void assertPercentile(long nanos, double share) {
		double tolerance = ROUNDED * max() + 10;
		assertThat(shareAbove(nanos + tolerance)).as("share above %d ns", nanos).isLessThanOrEqualTo(share + 1e-6);
		if (nanos > tolerance) {
			assertThat(shareAbove(nanos - tolerance)).as("share from %d ns on", nanos)
				.isGreaterThanOrEqualTo(share - 1e-6);
		}
	}

	/** Return the share of the events that wait for longer than the given time. */
	double shareAbove(double nanos) {
		return this.spans.stream().mapToDouble((span) -> span.weight * span.timeAbove(nanos)).sum() / this.time;
	}

	double mean() {
		return (this.time > 0) ? this.spans.stream().mapToDouble(Span::waited).sum() / this.time : 0;
	}

	double max() {
		return this.spans.stream().mapToDouble((span) -> span.until - span.from).max().orElse(0);
	}

	double time() {
		return this.time;
	}

	private record Span(long from, long to, long until, double weight) {

		/**
		 * Return the time of the events that become ready before {@code until - nanos}.
		 */
		double timeAbove(double nanos) {
			return Math.max(0, Math.min(this.to - this.from, this.until - this.from - nanos));
		}

		double waited() {
			double longest = this.until - this.from;
			double shortest = this.until - this.to;
			return this.weight * (longest * longest - shortest * shortest) / 2;
		}

	}

}
