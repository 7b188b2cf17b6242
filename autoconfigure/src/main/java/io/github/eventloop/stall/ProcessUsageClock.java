package io.github.eventloop.stall;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Reads what the process has used, once for all loops that are looked at together.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link StallWatch}.
 */
final class ProcessUsageClock implements Supplier<ProcessUsage> {

	private static final long FRESH_NANOS = 1_000_000;

	private @Nullable ProcessUsage last;

	private long lastAt;

	@Override
	public ProcessUsage get() {
		ProcessUsage usage = this.last;
		if (usage == null || System.nanoTime() - this.lastAt > FRESH_NANOS) {
			usage = ProcessUsage.now();
			this.last = usage;
			this.lastAt = System.nanoTime();
		}
		return usage;
	}

}
