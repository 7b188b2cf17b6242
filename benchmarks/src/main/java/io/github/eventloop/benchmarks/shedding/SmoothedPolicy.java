package io.github.eventloop.benchmarks.shedding;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.LoopRecorder.Reading;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.shedding.RequestPriority;
import io.github.eventloop.shedding.SheddingPolicy;

/**
 * In proportion to a smoothed lag above a mark: as {@code toobusy-js} does, which looks
 * every 500 ms, weighs the newest look with a third, and refuses all at twice the mark of
 * 70 ms. It takes the lateness of one timer for the lag of half a second; here it is the
 * mean lag of that time, which it would see on average.
 */
final class SmoothedPolicy implements SheddingPolicy, EventLoopListener {

	private static final long INTERVAL_NANOS = Duration.ofMillis(500).toNanos();

	private static final double WEIGHT = 1.0 / 3;

	private final double markNanos;

	/** Replaced by the monitor's thread, read by loops. */
	private volatile Map<MonitoredLoop, Smoothed> loops = Map.of();

	SmoothedPolicy(Duration mark) {
		this.markNanos = mark.toNanos();
	}

	@Override
	public void onLoops(List<MonitoredLoop> loops) {
		Map<MonitoredLoop, Smoothed> all = new ConcurrentHashMap<>();
		loops.forEach((loop) -> all.put(loop, new Smoothed(loop.recorder().read(), 0)));
		this.loops = all;
	}

	@Override
	public long onWakeUp(long now) {
		this.loops.replaceAll((loop, before) -> {
			Reading reading = loop.recorder().read();
			long elapsed = reading.at() - before.at.at();
			return (elapsed < INTERVAL_NANOS) ? before : new Smoothed(reading,
					WEIGHT * (reading.lagArea() - before.at.lagArea()) / elapsed + (1 - WEIGHT) * before.lagNanos);
		});
		return INTERVAL_NANOS / 5;
	}

	@Override
	public double shareToRefuse(MonitoredLoop loop, long lagNanos, RequestPriority priority) {
		Smoothed smoothed = this.loops.get(loop);
		return (smoothed != null) ? (smoothed.lagNanos - this.markNanos) / this.markNanos : 0;
	}

	/**
	 * The lag of a loop.
	 *
	 * @param at when it was looked at last
	 * @param lagNanos the smoothed lag
	 */
	private record Smoothed(Reading at, double lagNanos) {
	}

}
