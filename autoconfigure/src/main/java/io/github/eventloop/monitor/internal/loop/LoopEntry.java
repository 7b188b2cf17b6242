package io.github.eventloop.monitor.internal.loop;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopMonitor;

/**
 * A monitored loop with its history.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}, except
 * {@link #loop()}, which may be called by any thread.
 */
public final class LoopEntry {

	private final IsolatedLoop loop;

	private final LoopHistory history;

	private final LoopColumns columns;

	/** The displayed name of the loop, or {@code null} until its thread has started. */
	private @Nullable String name;

	LoopEntry(IsolatedLoop loop, LoopHistory history, LoopColumns columns) {
		this.loop = loop;
		this.history = history;
		this.columns = columns;
	}

	public IsolatedLoop loop() {
		return this.loop;
	}

	public LoopHistory history() {
		return this.history;
	}

	public LoopColumns columns() {
		return this.columns;
	}

	@Nullable String name() {
		return this.name;
	}

	void setName(String name) {
		this.name = name;
	}

	public boolean isStarted() {
		return this.loop.view().thread() != null;
	}

	/**
	 * Return the time until the first iteration in progress becomes a stall.
	 * @param entries the loops
	 * @param threshold the length above which an iteration is a stall
	 * @param clock the clock, in nanoseconds
	 * @param polledAt when the pollers were called
	 * @return the time in nanoseconds, at most the threshold; 0 or less if an iteration
	 * has become a stall since the pollers were called
	 */
	public static long untilNextStall(List<LoopEntry> entries, Duration threshold, LongSupplier clock, long polledAt) {
		long next = threshold.toNanos();
		for (LoopEntry entry : entries) {
			long left = threshold.toNanos() - entry.loop.view().read().busyNanos();
			if (left > 0 || -left < clock.getAsLong() - polledAt) {
				next = Math.min(next, left);
			}
		}
		return next;
	}

}
