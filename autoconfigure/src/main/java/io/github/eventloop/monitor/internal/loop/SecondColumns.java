package io.github.eventloop.monitor.internal.loop;

import java.util.List;

import io.github.eventloop.monitor.EventLoopHistory;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.Lag;
import io.github.eventloop.monitor.PauseTotals;

/**
 * Columns of the history of all loops together.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}.
 */
public final class SecondColumns {

	private final int capacity;

	private final long[] epochMillis;

	private final Column lagP50;

	private final Column lagP99;

	private final Column lagMax;

	private final Column utilization;

	private final Column cpu;

	private final Column processCpu;

	private final Column pause;

	private final Column requests;

	private long seconds;

	public SecondColumns(int capacity) {
		this.capacity = capacity;
		this.epochMillis = new long[capacity];
		this.lagP50 = new Column(capacity, 0);
		this.lagP99 = new Column(capacity, 0);
		this.lagMax = new Column(capacity, 0);
		this.utilization = new Column(capacity, 0);
		this.cpu = new Column(capacity, 0);
		this.processCpu = new Column(capacity, 0);
		this.pause = new Column(capacity, 0);
		this.requests = new Column(capacity, 0);
	}

	/**
	 * Return the number of seconds added so far.
	 * @return the number
	 */
	long seconds() {
		return this.seconds;
	}

	int capacity() {
		return this.capacity;
	}

	public void put(long epochMillis, Lag lag, double utilization, double cpu, double processCpu, PauseTotals pause,
			long requests) {
		this.epochMillis[(int) (this.seconds++ % this.capacity)] = epochMillis;
		this.lagP50.put(lag.p50Nanos());
		this.lagP99.put(lag.p99Nanos());
		this.lagMax.put(lag.maxNanos());
		this.utilization.put(utilization);
		this.cpu.put(cpu);
		this.processCpu.put(processCpu);
		this.pause.put(pause.totalNanos());
		this.requests.put(requests);
	}

	/**
	 * Return the history after a given time.
	 * @param loops the columns of the loops
	 * @param after the time, in milliseconds of the wall clock
	 * @param withRequests whether requests can arrive on the loops
	 * @return the history
	 */
	public EventLoopHistory toHistory(List<LoopColumns.Named> loops, long after, boolean withRequests) {
		int number = secondsAfter(after);
		long[] times = new long[number];
		for (int i = 0; i < number; i++) {
			times[i] = this.epochMillis[(int) ((this.seconds - number + i) % this.capacity)];
		}
		return new EventLoopHistory(times, this.lagP50.newest(number), this.lagP99.newest(number),
				this.lagMax.newest(number), this.utilization.newest(number), this.cpu.newest(number),
				this.processCpu.newest(number), this.pause.newest(number),
				withRequests ? this.requests.newest(number) : null,
				loops.stream().map((loop) -> loop.toHistory(number)).toList());
	}

	/** Return all for a time in the future: the wall clock was set back meanwhile. */
	private int secondsAfter(long time) {
		int all = (int) Math.min(this.seconds, this.capacity);
		int number = 0;
		while (number < all && endOfNewest(number) > time) {
			number++;
		}
		return (number == 0 && all > 0 && endOfNewest(0) < time) ? all : number;
	}

	private long endOfNewest(int before) {
		return this.epochMillis[(int) ((this.seconds - 1 - before) % this.capacity)];
	}

}
