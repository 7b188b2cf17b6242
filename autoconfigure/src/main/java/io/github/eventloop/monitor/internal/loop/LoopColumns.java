package io.github.eventloop.monitor.internal.loop;

import io.github.eventloop.monitor.EventLoopHistory;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSecond;

/**
 * Columns of the history of one loop.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}.
 */
public final class LoopColumns {

	private final Column lagP99;

	private final Column lagMax;

	private final Column utilization;

	private final Column cpuUtilization;

	LoopColumns(int capacity, long firstSecond) {
		this.lagP99 = new Column(capacity, firstSecond);
		this.lagMax = new Column(capacity, firstSecond);
		this.utilization = new Column(capacity, firstSecond);
		this.cpuUtilization = new Column(capacity, firstSecond);
	}

	public void put(LoopSecond second) {
		this.lagP99.put(second.lag().p99Nanos());
		this.lagMax.put(second.lag().maxNanos());
		this.utilization.put(second.utilization());
		Double cpu = second.cpuUtilization();
		this.cpuUtilization.put((cpu != null) ? cpu : Double.NaN);
	}

	EventLoopHistory.Loop toHistory(String name, int number, boolean approximate) {
		return new EventLoopHistory.Loop(name, this.lagP99.newest(number), this.lagMax.newest(number),
				this.utilization.newest(number), this.cpuUtilization.newest(number), approximate);
	}

	/**
	 * The history of a loop with its displayed name.
	 */
	public record Named(String name, LoopColumns columns, boolean approximate) {

		EventLoopHistory.Loop toHistory(int number) {
			return this.columns.toHistory(this.name, number, this.approximate);
		}

	}

}
