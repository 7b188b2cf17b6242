package io.github.eventloop.stall;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.apache.commons.logging.LogFactory;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.LongIteration;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.second.LoopPoller;
import io.github.eventloop.monitor.internal.thread.FailureLog;
import io.github.eventloop.monitor.internal.thread.Notifier;
import io.github.eventloop.stall.internal.detect.LoopStallTracker;
import io.github.eventloop.stall.internal.detect.LoopStallTrackers;
import io.github.eventloop.stall.internal.detect.SettlingStalls;
import io.github.eventloop.stall.internal.detect.StallListeners;
import io.github.eventloop.stall.internal.detect.StallSamples;
import io.github.eventloop.stall.internal.record.StallRecords;
import io.github.eventloop.stall.internal.sample.ThreadSampler;

/**
 * Detector for stalls of event loops, which samples the loops while they are stalled.
 * Keeps the newest stalls, and all stalls grouped by culprit and cause.
 * <p>
 * Takes the first sample when an iteration reaches the monitor's stall threshold, then
 * one every {@link StallSettings#sampleInterval()} for fifty times, then at intervals
 * that double. There is no work while no loop is stalled, and none on the loops.
 * <p>
 * Thread-safe. Readers take a lock that the monitor thread holds while it polls and
 * samples, for a fraction of a millisecond.
 *
 * @since 0.1.0
 */
public final class StallDetector implements AutoCloseable {

	private final EventLoopMonitor monitor;

	private final StallSettings settings;

	private final StackReader reader;

	private final ExhaustedPools pools;

	private final ThreadSampler sampler;

	/** Calls tracers: they may block, which the monitor thread must not. */
	private final Notifier traces = new Notifier("eventloop-traces", 64);

	/** Calls the pools: a trace must not wait for them until its request has ended. */
	private final Notifier poolChecks = new Notifier("eventloop-pools", 8);

	private final FailureLog failures = new FailureLog(LogFactory.getLog(StallDetector.class));

	private final StallListeners listeners = new StallListeners(this.failures);

	/** Guards the trackers, the settling stalls, the records and all samples. */
	private final Object lock = new Object();

	private final LoopStallTrackers trackers;

	private final SettlingStalls settling;

	private final StallRecords records = new StallRecords();

	/** Whether a sample has been taken. Used by the monitor thread only. */
	private boolean prepared;

	private final LoopPoller listener = new LoopPoller() {

		@Override
		public void onLoops(List<MonitoredLoop> loops) {
			updateLoops(loops);
		}

		@Override
		public void onStallEnded(MonitoredLoop loop, LongIteration iteration) {
			end(loop, iteration);
		}

		@Override
		public long poll(long now) {
			return StallDetector.this.poll(now);
		}

	};

	/**
	 * Create a detector for the loops of a monitor.
	 * @param monitor the monitor
	 * @param reader finds the culprit in a stack
	 * @param settings the settings
	 */
	public StallDetector(EventLoopMonitor monitor, StackReader reader, StallSettings settings) {
		this(monitor, reader, settings, List::of);
	}

	/**
	 * Create a detector for the loops of a monitor.
	 * @param monitor the monitor
	 * @param reader finds the culprit in a stack
	 * @param settings the settings
	 * @param pools finds the exhausted pools that a loop may be waiting for
	 */
	public StallDetector(EventLoopMonitor monitor, StackReader reader, StallSettings settings, ExhaustedPools pools) {
		this.monitor = monitor;
		this.reader = reader;
		this.settings = settings;
		this.pools = pools;
		this.sampler = new ThreadSampler(reader);
		this.trackers = new LoopStallTrackers(this.sampler, settings.sampleInterval().toNanos(), this.failures);
		this.settling = new SettlingStalls(monitor);
	}

	/**
	 * Return the settings of this detector.
	 * @return the settings
	 */
	public StallSettings settings() {
		return this.settings;
	}

	/**
	 * Add a listener.
	 * @param listener the listener
	 */
	public void addListener(StallListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Remove a listener.
	 * @param listener the listener
	 */
	public void removeListener(StallListener listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Start detecting stalls. Once there is a loop, the monitor thread loads the classes
	 * that the first sample needs, so that loading them does not delay it.
	 */
	public void start() {
		this.monitor.addListener(this.listener);
	}

	/**
	 * Stop detecting stalls, and notify listeners of stalls that have just ended. The
	 * recorded stalls remain available.
	 */
	@Override
	public void close() {
		this.monitor.removeListener(this.listener);
		List<Stall> ended = new ArrayList<>();
		synchronized (this.lock) {
			long now = System.nanoTime();
			this.settling.takeAll((samples) -> complete(samples, now, ended));
		}
		this.listeners.stallsEnded(ended);
		this.traces.close();
		this.poolChecks.close();
	}

	/**
	 * Return the stalls in progress and the newest stalls that have ended.
	 * @return the stalls, newest first
	 */
	public List<Stall> stalls() {
		synchronized (this.lock) {
			return this.records.stalls(unfinished(System.nanoTime()));
		}
	}

	/**
	 * Return the changes of the {@link #stalls()} since a position.
	 * @param position the {@link StallChanges#position() position} of the last changes
	 * that the reader received; any other number for all stalls
	 * @return the changes
	 */
	public StallChanges changesSince(long position) {
		return changesSince(position, System.nanoTime());
	}

	/**
	 * Return the changes of the {@link #stalls()} since a position, with durations that
	 * agree with a snapshot of the loops.
	 * @param position the {@link StallChanges#position() position} of the last changes
	 * that the reader received; any other number for all stalls
	 * @param at the instant of the snapshot, as {@link System#nanoTime()}: a stall that
	 * is still in progress has the duration that it had at that instant, if it was a
	 * stall already
	 * @return the changes
	 */
	public StallChanges changesSince(long position, long at) {
		synchronized (this.lock) {
			return this.records.changesSince(position, unfinished(at));
		}
	}

	/**
	 * Return one of the {@link #stalls()}.
	 * @param id the id of the stall
	 * @return the stall, or empty if there is none with this id
	 */
	public Optional<Stall> stall(long id) {
		return stalls().stream().filter((stall) -> stall.id() == id).findFirst();
	}

	/**
	 * Return all stalls grouped by culprit and cause, including stalls in progress.
	 * @return the hotspots, longest total duration first
	 */
	public List<Hotspot> hotspots() {
		return hotspots(System.nanoTime());
	}

	/**
	 * Return all stalls grouped by culprit and cause, with durations that agree with
	 * {@link #changesSince(long, long)}.
	 * @param at the instant of a snapshot, as {@link System#nanoTime()}
	 * @return the hotspots, longest total duration first
	 */
	public List<Hotspot> hotspots(long at) {
		synchronized (this.lock) {
			return this.records.hotspots(unfinished(at));
		}
	}

	/**
	 * Clear all stalls that have ended, and their hotspots.
	 */
	public void clear() {
		synchronized (this.lock) {
			// Listeners are notified of these nevertheless.
			this.settling.forget();
			this.records.clear();
		}
	}

	private List<Stall> unfinished(long at) {
		long now = System.nanoTime();
		List<Stall> stalls = new ArrayList<>();
		this.trackers.inProgress().forEach((samples) -> stalls.add(before(conclude(samples, now), now - at)));
		this.settling.samples().forEach((samples) -> stalls.add(conclude(samples, now)));
		return stalls;
	}

	/** Return a stall as it was some time ago, if it was one already. */
	private Stall before(Stall stall, long nanosAgo) {
		Duration then = stall.duration().minusNanos(nanosAgo);
		return (then.compareTo(this.monitor.settings().stallThreshold()) > 0) ? stall.at(then, stall.samples()) : stall;
	}

	private Stall conclude(StallSamples samples, long now) {
		return samples.conclude(now, this.monitor, this.reader);
	}

	private void updateLoops(List<MonitoredLoop> loops) {
		if (!this.prepared && !loops.isEmpty()) {
			this.prepared = true;
			this.sampler.sample(List.of(new ThreadSampler.Target(Thread.currentThread(), -1)));
		}
		synchronized (this.lock) {
			this.trackers.update(loops);
		}
	}

	private void end(MonitoredLoop loop, LongIteration iteration) {
		synchronized (this.lock) {
			this.settling.add(this.trackers.end(loop, iteration), System.nanoTime());
		}
	}

	private long poll(long now) {
		List<Stall> inProgress = new ArrayList<>();
		List<Stall> ended = new ArrayList<>();
		long next = Long.MAX_VALUE;
		synchronized (this.lock) {
			this.trackers.poll(this.monitor.settings().stallThreshold().toNanos());
			for (LoopStallTracker tracker : this.trackers.all()) {
				this.failures.run(() -> report(tracker, now, inProgress), LoopStallTrackers.FAILED);
				next = Math.min(next, tracker.untilNextPoll());
			}
			next = Math.min(next, this.settling.takeComplete(now, (samples) -> complete(samples, now, ended)));
		}
		this.listeners.stallsInProgress(inProgress);
		this.listeners.stallsEnded(ended);
		return next;
	}

	private void report(LoopStallTracker tracker, long now, List<Stall> inProgress) {
		StallSamples lost = tracker.takeLost(now);
		if (lost != null) {
			this.settling.add(lost, now);
		}
		StallSamples current = tracker.current();
		if (current != null) {
			for (ExecutingRequest request : current.takeRequests()) {
				String description = conclude(current, System.nanoTime()).summary();
				this.traces.announce(() -> request.stalled(description));
			}
			if (current.takePoolsDue()) {
				this.poolChecks.announce(() -> addExhaustedPools(current));
			}
			if (tracker.isLogDue()) {
				inProgress.add(conclude(current, System.nanoTime()));
			}
		}
	}

	private void addExhaustedPools(StallSamples samples) {
		List<String> exhausted = this.pools.describe();
		synchronized (this.lock) {
			samples.addExhaustedPools(exhausted);
		}
	}

	/** Derive the stall from its complete measurements, and add it to the records. */
	private void complete(StallSamples samples, long now, List<Stall> ended) {
		this.failures.run(() -> {
			Stall stall = samples.concludeFinally(now, this.monitor, this.reader);
			if (!samples.isForgotten()) {
				this.records.add(stall);
			}
			ended.add(stall);
		}, LoopStallTrackers.FAILED);
	}

}
