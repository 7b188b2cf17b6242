package io.github.eventloop.monitor;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * One event loop in one second. Immutable.
 */
public final class LoopSecond {

	/** The interval of the virtual arrivals. */
	static final long ARRIVAL_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	/** Bounds what the end of a very long stall can make listeners do at once. */
	static final int MOST_ARRIVALS = 6_000;

	static final long[] NO_ARRIVALS = {};

	private final MonitoredLoop loop;

	private final Lag lag;

	private final Lag handledLag;

	private final double utilization;

	private final @Nullable Double cpuUtilization;

	private final long[] arrivals;

	LoopSecond(MonitoredLoop loop, Lag lag, Lag handledLag, double utilization, @Nullable Double cpuUtilization,
			long[] arrivals) {
		this.loop = loop;
		this.lag = lag;
		this.handledLag = handledLag;
		this.utilization = utilization;
		this.cpuUtilization = cpuUtilization;
		this.arrivals = arrivals;
	}

	/**
	 * Return the loop.
	 * @return the loop
	 */
	public MonitoredLoop loop() {
		return this.loop;
	}

	/**
	 * Return the lag over this second alone, the iteration in progress at its end
	 * included.
	 * @return the lag
	 */
	public Lag lag() {
		return this.lag;
	}

	/**
	 * Return the lag of the events that the loop got to in this second: an iteration
	 * counts as a whole in the second in which it ends, and one in progress not yet.
	 * @return the lag
	 */
	public Lag handledLag() {
		return this.handledLag;
	}

	/**
	 * Return the utilization over this second alone.
	 * @return the utilization, 0..1
	 */
	public double utilization() {
		return this.utilization;
	}

	/**
	 * Return the share of this second that the loop's thread had a CPU.
	 * @return the share, 0..1, or {@code null} if the JVM cannot tell
	 */
	public @Nullable Double cpuUtilization() {
		return this.cpuUtilization;
	}

	/**
	 * Return how many events were picked up that arrived every 10 ms. They are computed,
	 * not scheduled: the loop does not run them.
	 * @return the number, about 100 on average
	 */
	public int arrivals() {
		return this.arrivals.length;
	}

	/**
	 * Return how long one of those events waited.
	 * @param index its index, from 0 to {@link #arrivals()} - 1
	 * @return its lag in nanoseconds
	 */
	public long arrivalLagNanos(int index) {
		return this.arrivals[index];
	}

}
