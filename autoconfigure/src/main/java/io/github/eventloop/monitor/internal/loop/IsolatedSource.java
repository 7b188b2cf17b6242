package io.github.eventloop.monitor.internal.loop;

import java.util.List;
import java.util.function.Consumer;

import io.github.eventloop.monitor.LoopSource;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.thread.LastKnown;

/**
 * A source of loops whose exceptions do not affect its monitor: if it throws, its
 * {@linkplain LastKnown last known} loops are used.
 * <p>
 * Thread-safe.
 */
final class IsolatedSource {

	private final LoopSource source;

	private final LastKnown<List<MonitoredLoop>> loops;

	private final LastKnown<Boolean> exhausted;

	IsolatedSource(LoopSource source, Consumer<Throwable> failures) {
		this.source = source;
		this.loops = new LastKnown<>(() -> List.copyOf(source.loops()), List.of(), failures);
		this.exhausted = new LastKnown<>(source::isExhausted, false, failures);
	}

	boolean is(LoopSource other) {
		return this.source.equals(other);
	}

	List<MonitoredLoop> loops() {
		return this.loops.get();
	}

	boolean isExhausted() {
		return this.exhausted.get();
	}

}
