package io.github.eventloop.benchmarks.shedding;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.LoopSecond;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.shedding.RequestPriority;
import io.github.eventloop.shedding.SheddingPolicy;

/**
 * A policy that sheds all or no requests, depending on the mean lag of the last second:
 * as {@code @fastify/under-pressure} does with {@code maxEventLoopDelay} and a
 * {@code sampleInterval} of one second.
 */
final class OnOffPolicy implements SheddingPolicy, EventLoopListener {

	private final long maxNanos;

	/** Replaced by the monitor thread, read by event loop threads. */
	private volatile Set<MonitoredLoop> lagging = Set.of();

	OnOffPolicy(Duration max) {
		this.maxNanos = max.toNanos();
	}

	@Override
	public void onSecond(EventLoopSecond second) {
		this.lagging = second.loops()
			.stream()
			.filter((loop) -> loop.lag().meanNanos() > this.maxNanos)
			.map(LoopSecond::loop)
			.collect(Collectors.toUnmodifiableSet());
	}

	@Override
	public double shareToShed(MonitoredLoop loop, long lagNanos, RequestPriority priority) {
		return this.lagging.contains(loop) ? 1 : 0;
	}

}
