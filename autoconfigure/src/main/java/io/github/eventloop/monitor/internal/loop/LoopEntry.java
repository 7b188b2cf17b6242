package io.github.eventloop.monitor.internal.loop;

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

}
