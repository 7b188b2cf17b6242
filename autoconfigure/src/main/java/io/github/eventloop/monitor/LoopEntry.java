package io.github.eventloop.monitor;

import org.jspecify.annotations.Nullable;

/**
 * A monitored loop with its history.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}, except
 * {@link #loop()}, which may be called by any thread.
 */
final class LoopEntry {

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

	IsolatedLoop loop() {
		return this.loop;
	}

	LoopHistory history() {
		return this.history;
	}

	LoopColumns columns() {
		return this.columns;
	}

	@Nullable String name() {
		return this.name;
	}

	void setName(String name) {
		this.name = name;
	}

	boolean isStarted() {
		return this.loop.view().thread() != null;
	}

}
