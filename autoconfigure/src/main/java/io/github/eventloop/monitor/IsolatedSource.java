package io.github.eventloop.monitor;

import java.util.List;
import java.util.function.Consumer;

/**
 * A source of loops as its monitor asks it: one that throws lists what it listed before.
 * <p>
 * Thread-safe.
 */
final class IsolatedSource {

	private final LoopSource source;

	private final Answer<List<MonitoredLoop>> loops;

	private final Answer<Boolean> exhausted;

	IsolatedSource(LoopSource source, Consumer<Throwable> failures) {
		this.source = source;
		this.loops = new Answer<>(() -> List.copyOf(source.loops()), List.of(), failures);
		this.exhausted = new Answer<>(source::isExhausted, false, failures);
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
