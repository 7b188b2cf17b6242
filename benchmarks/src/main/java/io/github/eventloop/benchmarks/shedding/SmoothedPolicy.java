package io.github.eventloop.benchmarks.shedding;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.eventloop.monitor.LoopReading;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.second.LoopPoller;
import io.github.eventloop.shedding.RequestPriority;
import io.github.eventloop.shedding.SheddingPolicy;

/**
 * A policy that sheds requests in proportion to the amount by which a smoothed lag
 * exceeds a threshold: as {@code toobusy-js} does, which samples every 500 ms, gives the
 * latest sample a weight of one third, and rejects all requests at twice the threshold of
 * 70 ms. It takes the delay of a single timer as the lag of half a second; here the mean
 * lag of that time is used, which is the expected value of that delay.
 */
final class SmoothedPolicy implements SheddingPolicy, LoopPoller {

	private static final long INTERVAL_NANOS = Duration.ofMillis(500).toNanos();

	private static final double WEIGHT = 1.0 / 3;

	private final double thresholdNanos;

	/** Replaced by the monitor thread, read by event loop threads. */
	private volatile Map<MonitoredLoop, Smoothed> loops = Map.of();

	SmoothedPolicy(Duration threshold) {
		this.thresholdNanos = threshold.toNanos();
	}

	@Override
	public void onLoops(List<MonitoredLoop> loops) {
		Map<MonitoredLoop, Smoothed> all = new ConcurrentHashMap<>();
		loops.forEach((loop) -> all.put(loop, new Smoothed(loop.view().read(), 0)));
		this.loops = all;
	}

	@Override
	public long poll(long now) {
		this.loops.replaceAll((loop, before) -> {
			LoopReading reading = loop.view().read();
			long elapsed = reading.at() - before.at.at();
			return (elapsed < INTERVAL_NANOS) ? before : new Smoothed(reading,
					WEIGHT * (reading.lagArea() - before.at.lagArea()) / elapsed + (1 - WEIGHT) * before.lagNanos);
		});
		return INTERVAL_NANOS / 5;
	}

	@Override
	public double shareToShed(MonitoredLoop loop, long lagNanos, RequestPriority priority) {
		Smoothed smoothed = this.loops.get(loop);
		return (smoothed != null) ? (smoothed.lagNanos - this.thresholdNanos) / this.thresholdNanos : 0;
	}

	/**
	 * The lag of a loop.
	 *
	 * @param at the last reading
	 * @param lagNanos the smoothed lag
	 */
	private record Smoothed(LoopReading at, double lagNanos) {
	}

}
