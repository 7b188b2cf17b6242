package io.github.eventloop.stall.internal.sample;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.StallDetector;

/**
 * Clock for the usage of the process, which is read once for all loops that are polled
 * together.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link StallDetector}.
 */
public final class ProcessUsageClock implements Supplier<ProcessUsage> {

	private static final long MAX_AGE_NANOS = 1_000_000;

	private @Nullable ProcessUsage last;

	private long lastAt;

	@Override
	public ProcessUsage get() {
		ProcessUsage usage = this.last;
		if (usage == null || System.nanoTime() - this.lastAt > MAX_AGE_NANOS) {
			usage = ProcessUsage.now();
			this.last = usage;
			this.lastAt = System.nanoTime();
		}
		return usage;
	}

}
