package io.github.eventloop.stall.internal.sample;

import java.util.function.LongFunction;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.StallDetector;

/**
 * Clock for the usage of the process, which is read once for all loops that are polled
 * together.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link StallDetector}.
 */
public final class ProcessUsageClock implements LongFunction<ProcessUsage> {

	private @Nullable ProcessUsage last;

	private long lastAt;

	/**
	 * Return the usage of the process.
	 * @param maxAgeNanos how old it may be, because reading it takes about 0.1 ms
	 * @return the usage
	 */
	@Override
	public ProcessUsage apply(long maxAgeNanos) {
		ProcessUsage usage = this.last;
		if (usage == null || System.nanoTime() - this.lastAt > maxAgeNanos) {
			usage = ProcessUsage.now();
			this.last = usage;
			this.lastAt = System.nanoTime();
		}
		return usage;
	}

}
