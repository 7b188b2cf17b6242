package io.github.eventloop.monitor;

import org.jspecify.annotations.Nullable;

/**
 * Figures of one event loop for one second. Immutable.
 *
 * @since 0.1.0
 */
public final class LoopSecond {

	private final MonitoredLoop loop;

	private final Lag lag;

	private final Lag handledLag;

	private final double utilization;

	private final @Nullable Double cpuUtilization;

	private final long requests;

	private final long[] arrivals;

	/**
	 * Create the figures of a second.
	 * @param loop the loop
	 * @param lag the lag in this second alone
	 * @param handledLag the lag of the events handled in this second
	 * @param utilization the utilization, 0..1
	 * @param cpuUtilization the CPU utilization, 0..1, or {@code null} if it is unknown
	 * @param requests the number of requests that arrived
	 * @param arrivals the lag of the virtual events in nanoseconds; not copied
	 */
	public LoopSecond(MonitoredLoop loop, Lag lag, Lag handledLag, double utilization, @Nullable Double cpuUtilization,
			long requests, long[] arrivals) {
		this.loop = loop;
		this.lag = lag;
		this.handledLag = handledLag;
		this.utilization = utilization;
		this.cpuUtilization = cpuUtilization;
		this.requests = requests;
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
	 * Return the lag in this second alone, including the iteration in progress at its
	 * end.
	 * @return the lag
	 */
	public Lag lag() {
		return this.lag;
	}

	/**
	 * Return the lag of the events that the loop handled in this second: an iteration
	 * counts as a whole in the second in which it ends, and one in progress does not
	 * count yet.
	 * @return the lag
	 */
	public Lag handledLag() {
		return this.handledLag;
	}

	/**
	 * Return the utilization in this second alone.
	 * @return the utilization, 0..1
	 */
	public double utilization() {
		return this.utilization;
	}

	/**
	 * Return the share of this second that the loop's thread used a CPU.
	 * @return the share, 0..1, or {@code null} if the JVM does not support it
	 */
	public @Nullable Double cpuUtilization() {
		return this.cpuUtilization;
	}

	/**
	 * Return the number of requests that arrived on the loop in this second.
	 * @return the number; 0 if requests are not tracked
	 */
	public long requests() {
		return this.requests;
	}

	/**
	 * Return the number of handled virtual events, of which one arrives every 10 ms. They
	 * are computed from the iterations: the loop does not run them.
	 * @return the number, about 100 on average
	 */
	public int arrivals() {
		return this.arrivals.length;
	}

	/**
	 * Return the lag of one of these events.
	 * @param index its index, from 0 to {@link #arrivals()} - 1
	 * @return its lag in nanoseconds
	 */
	public long arrivalLagNanos(int index) {
		return this.arrivals[index];
	}

}
