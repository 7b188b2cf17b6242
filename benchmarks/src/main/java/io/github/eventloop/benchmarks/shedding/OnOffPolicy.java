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
 * All or nothing, by the mean lag of the last second: as {@code @fastify/under-pressure}
 * does with {@code maxEventLoopDelay} and its {@code sampleInterval} of a second.
 */
final class OnOffPolicy implements SheddingPolicy, EventLoopListener {

	private final long mostNanos;

	/** Replaced by the monitor's thread, read by loops. */
	private volatile Set<MonitoredLoop> lagging = Set.of();

	OnOffPolicy(Duration most) {
		this.mostNanos = most.toNanos();
	}

	@Override
	public void onSecond(EventLoopSecond second) {
		this.lagging = second.loops()
			.stream()
			.filter((loop) -> loop.lag().meanNanos() > this.mostNanos)
			.map(LoopSecond::loop)
			.collect(Collectors.toUnmodifiableSet());
	}

	@Override
	public double shareToRefuse(MonitoredLoop loop, long lagNanos, RequestPriority priority) {
		return this.lagging.contains(loop) ? 1 : 0;
	}

}
