package io.github.eventloop.monitor;

import java.util.List;

/**
 * The history of all loops together.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}.
 */
final class SecondColumns {

	private final int capacity;

	private final long[] epochMillis;

	private final Column lagP50;

	private final Column lagP99;

	private final Column lagMax;

	private final Column utilization;

	private final Column pause;

	private long seconds;

	SecondColumns(int capacity) {
		this.capacity = capacity;
		this.epochMillis = new long[capacity];
		this.lagP50 = new Column(capacity, 0);
		this.lagP99 = new Column(capacity, 0);
		this.lagMax = new Column(capacity, 0);
		this.utilization = new Column(capacity, 0);
		this.pause = new Column(capacity, 0);
	}

	/**
	 * Return how many seconds were put.
	 * @return the number
	 */
	long seconds() {
		return this.seconds;
	}

	int capacity() {
		return this.capacity;
	}

	void put(long epochMillis, Lag lag, double utilization, PauseTotals pause) {
		this.epochMillis[(int) (this.seconds++ % this.capacity)] = epochMillis;
		this.lagP50.put(lag.p50Nanos());
		this.lagP99.put(lag.p99Nanos());
		this.lagMax.put(lag.maxNanos());
		this.utilization.put(utilization);
		this.pause.put(pause.totalNanos());
	}

	EventLoopHistory toHistory(List<LoopColumns.Named> loops) {
		int number = (int) Math.min(this.seconds, this.capacity);
		long[] times = new long[number];
		for (int i = 0; i < number; i++) {
			times[i] = this.epochMillis[(int) ((this.seconds - number + i) % this.capacity)];
		}
		return new EventLoopHistory(times, this.lagP50.newest(number), this.lagP99.newest(number),
				this.lagMax.newest(number), this.utilization.newest(number), this.pause.newest(number),
				loops.stream().map((loop) -> loop.columns().toHistory(loop.name(), number)).toList());
	}

}
