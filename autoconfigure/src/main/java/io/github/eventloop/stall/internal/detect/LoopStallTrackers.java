package io.github.eventloop.stall.internal.detect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import io.github.eventloop.monitor.LongIteration;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.thread.FailureLog;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.internal.sample.ProcessUsageClock;
import io.github.eventloop.stall.internal.sample.Sample;
import io.github.eventloop.stall.internal.sample.ThreadSampler;
import io.github.eventloop.stall.internal.sample.ThreadUsageClock;

/**
 * The trackers of all loops, which samples the stalled ones together.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link StallDetector}.
 */
public final class LoopStallTrackers {

	/**
	 * The message of a failure for one loop or stall, which does not affect the others.
	 */
	public static final String FAILED = "Failed to sample or evaluate a stalled event loop";

	private static final int LOOPS_AT_FULL_RATE = 8;

	private final ThreadSampler sampler;

	private final long sampleIntervalNanos;

	private final FailureLog failures;

	private final ThreadUsageClock threadUsage = new ThreadUsageClock();

	private final ProcessUsageClock processUsage = new ProcessUsageClock();

	private IdentityHashMap<MonitoredLoop, LoopStallTracker> trackers = new IdentityHashMap<>();

	private long lastId;

	/**
	 * Create an instance without loops.
	 * @param sampler samples the threads of the loops
	 * @param sampleIntervalNanos the time between two samples of one stall
	 * @param failures receives the failures of single loops
	 */
	public LoopStallTrackers(ThreadSampler sampler, long sampleIntervalNanos, FailureLog failures) {
		this.sampler = sampler;
		this.sampleIntervalNanos = sampleIntervalNanos;
		this.failures = failures;
	}

	/**
	 * Track these loops instead of the previous ones.
	 * @param loops the loops
	 */
	public void update(List<MonitoredLoop> loops) {
		IdentityHashMap<MonitoredLoop, LoopStallTracker> present = new IdentityHashMap<>();
		for (MonitoredLoop loop : loops) {
			LoopStallTracker known = this.trackers.get(loop);
			present.put(loop, (known != null) ? known : newTracker(loop));
		}
		this.trackers = present;
	}

	private LoopStallTracker newTracker(MonitoredLoop loop) {
		return new LoopStallTracker(loop, this.threadUsage, this.processUsage);
	}

	/**
	 * Complete the samples of a stall that has ended.
	 * @param loop the loop
	 * @param iteration the iteration, as the loop recorded it
	 * @return the samples
	 */
	public StallSamples end(MonitoredLoop loop, LongIteration iteration) {
		return this.trackers.computeIfAbsent(loop, this::newTracker).end(iteration, this::nextId);
	}

	private long nextId() {
		return ++this.lastId;
	}

	/**
	 * Poll which loops are stalled, and take the samples that are due.
	 * @param thresholdNanos the length above which an iteration is a stall
	 */
	public void poll(long thresholdNanos) {
		long intervalNanos = intervalNanos();
		for (LoopStallTracker tracker : all()) {
			this.failures.run(() -> tracker.poll(thresholdNanos, intervalNanos, this::nextId), FAILED);
		}
		if (all().stream().anyMatch(LoopStallTracker::isSampleDue)) {
			sample(all().stream().filter(LoopStallTracker::canSampleEarly).toList());
		}
	}

	/** Return a longer interval if many loops are stalled at once. */
	private long intervalNanos() {
		int stalled = 0;
		for (LoopStallTracker tracker : all()) {
			stalled += (tracker.current() != null) ? 1 : 0;
		}
		return this.sampleIntervalNanos * Math.max(1, stalled / LOOPS_AT_FULL_RATE);
	}

	/**
	 * Sample all loops at once: each sample stops the whole process, regardless of the
	 * number of threads.
	 */
	private void sample(List<LoopStallTracker> due) {
		Map<Thread, Sample> samples = new HashMap<>();
		this.failures.run(
				() -> samples.putAll(this.sampler.sample(due.stream().map(LoopStallTracker::target).toList())), FAILED);
		due.forEach((tracker) -> this.failures.run(() -> tracker.addSample(samples.get(tracker.target().thread())),
				FAILED));
	}

	public Collection<LoopStallTracker> all() {
		return this.trackers.values();
	}

	/** Return the samples of the stalls in progress. */
	public List<StallSamples> inProgress() {
		List<StallSamples> samples = new ArrayList<>();
		for (LoopStallTracker tracker : all()) {
			StallSamples current = tracker.current();
			if (current != null) {
				samples.add(current);
			}
		}
		return samples;
	}

}
