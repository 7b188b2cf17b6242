package io.github.eventloop.stall.internal.detect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.stall.StallDetector;

/**
 * Stalls that have ended, until their measurements are complete: the collectors report a
 * garbage collection only some time after it.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link StallDetector}.
 */
public final class SettlingStalls {

	/**
	 * How often to check whether all measurements of a stall that has ended are complete.
	 */
	private static final long SETTLING_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	/** The notification of a collection may arrive hundreds of milliseconds after it. */
	private static final long LONGEST_SETTLING_NANOS = TimeUnit.SECONDS.toNanos(2);

	private final EventLoopMonitor monitor;

	/** Oldest first. */
	private final Deque<Settling> stalls = new ArrayDeque<>();

	public SettlingStalls(EventLoopMonitor monitor) {
		this.monitor = monitor;
	}

	/**
	 * Add a stall that has ended.
	 * @param samples its samples
	 * @param now when the detector was notified of the end
	 */
	public void add(StallSamples samples, long now) {
		this.stalls.add(new Settling(samples, now));
	}

	/**
	 * Remove the stalls whose measurements are complete.
	 * @param now the current instant
	 * @param complete receives the samples of each, oldest first
	 * @return when to check again at the latest, in nanoseconds from now
	 */
	public long takeComplete(long now, Consumer<StallSamples> complete) {
		if (this.stalls.isEmpty()) {
			return Long.MAX_VALUE;
		}
		boolean allCollected = this.monitor.areCollectionsComplete();
		while (!this.stalls.isEmpty()) {
			Settling first = this.stalls.getFirst();
			long age = now - first.since;
			if (age < SETTLING_NANOS || (!allCollected && age < LONGEST_SETTLING_NANOS)) {
				return SETTLING_NANOS;
			}
			this.stalls.removeFirst();
			complete.accept(first.samples);
		}
		return Long.MAX_VALUE;
	}

	/**
	 * Remove all stalls, whether their measurements are complete or not.
	 * @param action receives the samples of each, oldest first
	 */
	public void takeAll(Consumer<StallSamples> action) {
		this.stalls.forEach((settling) -> action.accept(settling.samples));
		this.stalls.clear();
	}

	/**
	 * Exclude all stalls from the history. Listeners are notified of them nevertheless.
	 */
	public void forget() {
		this.stalls.forEach((settling) -> settling.samples.forget());
	}

	/** Return the samples of the stalls that belong in the history, oldest first. */
	public List<StallSamples> samples() {
		return this.stalls.stream().map(Settling::samples).filter((samples) -> !samples.isForgotten()).toList();
	}

	/**
	 * A stall that has ended but whose measurements are not complete yet.
	 *
	 * @param samples the samples
	 * @param since when the detector was notified of the end
	 */
	private record Settling(StallSamples samples, long since) {
	}

}
