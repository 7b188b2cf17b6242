package io.github.eventloop.stall.internal.detect;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.github.eventloop.monitor.internal.thread.FailureLog;
import io.github.eventloop.monitor.internal.thread.Isolated;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.StallListener;

/**
 * The listeners of a {@link StallDetector}. Must be notified without its lock, since
 * listeners are code of the application. Thread-safe.
 */
public final class StallListeners {

	private final List<StallListener> listeners = new CopyOnWriteArrayList<>();

	private final FailureLog failures;

	public StallListeners(FailureLog failures) {
		this.failures = failures;
	}

	public void add(StallListener listener) {
		this.listeners.add(listener);
	}

	public void remove(StallListener listener) {
		this.listeners.remove(listener);
	}

	public void stallsInProgress(List<Stall> stalls) {
		for (Stall stall : stalls) {
			forEach((listener) -> listener.onStallInProgress(stall));
		}
	}

	public void stallsEnded(List<Stall> stalls) {
		for (Stall stall : stalls) {
			forEach((listener) -> listener.onStallEnded(stall));
		}
	}

	private void forEach(Consumer<StallListener> call) {
		Isolated.forEach(this.listeners, call, (listener, failure) -> this.failures
			.failed("Stall listener " + listener.getClass().getName() + " threw an exception", failure));
	}

}
