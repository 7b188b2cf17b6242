package io.github.eventloop.monitor.internal.loop;

import java.util.List;
import java.util.function.Consumer;

import io.github.eventloop.monitor.LoopSource;
import io.github.eventloop.monitor.MonitoredLoop;

/**
 * A source of loops whose exceptions do not affect its monitor: if it throws, its last
 * known loops are used.
 * <p>
 * Thread-safe: concurrent callers may see the result of either call.
 */
final class IsolatedSource {

	private final LoopSource source;

	private final Consumer<Throwable> failures;

	/** Volatile, as the next field is: written and read by all calling threads. */
	private volatile List<MonitoredLoop> loops = List.of();

	private volatile boolean exhausted;

	IsolatedSource(LoopSource source, Consumer<Throwable> failures) {
		this.source = source;
		this.failures = failures;
	}

	boolean is(LoopSource other) {
		return this.source.equals(other);
	}

	List<MonitoredLoop> loops() {
		try {
			this.loops = List.copyOf(this.source.loops());
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
		}
		return this.loops;
	}

	boolean isExhausted() {
		try {
			this.exhausted = this.source.isExhausted();
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
		}
		return this.exhausted;
	}

}
