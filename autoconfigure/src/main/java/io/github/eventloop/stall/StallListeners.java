package io.github.eventloop.stall;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The listeners of a {@link StallDetector}. Must be notified without its lock, since
 * listeners are code of the application. Thread-safe.
 */
final class StallListeners {

	private final List<StallListener> listeners = new CopyOnWriteArrayList<>();

	private final FailureIsolation isolation;

	StallListeners(FailureIsolation isolation) {
		this.isolation = isolation;
	}

	void add(StallListener listener) {
		this.listeners.add(listener);
	}

	void remove(StallListener listener) {
		this.listeners.remove(listener);
	}

	void stallsInProgress(List<Stall> stalls) {
		stalls.forEach((stall) -> forEach((listener) -> listener.onStallInProgress(stall)));
	}

	void stallsEnded(List<Stall> stalls) {
		stalls.forEach((stall) -> forEach((listener) -> listener.onStallEnded(stall)));
	}

	private void forEach(Consumer<StallListener> call) {
		for (StallListener listener : this.listeners) {
			this.isolation.run(() -> call.accept(listener), "Stall listener threw an exception");
		}
	}

}
