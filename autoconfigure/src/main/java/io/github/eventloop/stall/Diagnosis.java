package io.github.eventloop.stall;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the cause of a stall: what most of its time went into.
 *
 * @param nanos the length of the stall
 * @param thresholdNanos from which length on it could be looked at
 * @param stacks what the loop was seen doing
 * @param cpuKnown whether the JVM can tell CPU time
 * @param cpuNanos for how long the loop's thread had a CPU
 * @param gcNanos for how long the process collected garbage
 * @param pausedNanos for how long the process did not run, for that reason or another
 * @param events the ready channels that the loop handled
 * @param steps the tasks and requests that it began with
 * @param moving whether it was seen to begin with them for most of the time
 */
record Diagnosis(long nanos, long thresholdNanos, List<SampledStack> stacks, boolean cpuKnown, long cpuNanos,
		long gcNanos, long pausedNanos, long events, long steps, boolean moving) {

	/** Where a CPU is free, the first look comes within less. */
	private static final long LATEST_FIRST_LOOK_NANOS = 20_000_000;

	/**
	 * What computes for longer than the threshold is to blame even on a busy machine, but
	 * not if it gets less than a quarter of a CPU.
	 */
	private static final int MOST_STRETCH = 3;

	/** Fewer tasks than this are no flood, however short. */
	static final int FEWEST_STEPS = 16;

	/**
	 * Find the cause.
	 * @param reader knows whose code is whose
	 * @return the cause
	 */
	StallCause cause(StackReader reader) {
		if (this.stacks.isEmpty()) {
			return causeUnseen();
		}
		Map<StallCause, Long> shares = new EnumMap<>(StallCause.class);
		this.stacks.forEach((stack) -> shares.merge(stack.cause(), stack.nanos(), Long::sum));
		long running = shares.getOrDefault(StallCause.COMPUTING, 0L);
		if (running > 0) {
			// What a thread that wants to run does not get is somebody else's doing.
			long collecting = Math.min(running, this.gcNanos);
			long computing = Math.min(running - collecting, this.cpuKnown ? this.cpuNanos : runningNanos(running));
			long starved = running - collecting - computing;
			boolean wouldHaveStalled = computing > this.thresholdNanos && starved < MOST_STRETCH * computing;
			shares.put(StallCause.COMPUTING, wouldHaveStalled ? computing + starved : computing);
			shares.put(StallCause.GC, collecting);
			shares.put(StallCause.STARVED, wouldHaveStalled ? 0 : starved);
		}
		StallCause cause = shares.entrySet()
			.stream()
			.max(Map.Entry.<StallCause, Long>comparingByValue()
				.thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
			.orElseThrow()
			.getKey();
		return (cause == StallCause.COMPUTING && isFlood(reader)) ? StallCause.FLOOD : cause;
	}

	private long runningNanos(long running) {
		return Math.max(0, running - this.pausedNanos);
	}

	/** Nothing was seen, perhaps because nobody was running who could have looked. */
	private StallCause causeUnseen() {
		if (this.gcNanos >= this.nanos / 2) {
			return StallCause.GC;
		}
		boolean late = this.nanos - this.thresholdNanos > LATEST_FIRST_LOOK_NANOS;
		if (late || this.pausedNanos >= this.nanos / 2) {
			return StallCause.STARVED;
		}
		return StallCause.UNKNOWN;
	}

	/**
	 * Tasks and requests are seen to begin one after the other. Events are only counted
	 * when they are all done: there, a culprit that most of the time went into is taken
	 * for one event that took long.
	 */
	private boolean isFlood(StackReader reader) {
		if (this.steps >= FEWEST_STEPS && this.moving) {
			return true;
		}
		return this.events >= FEWEST_STEPS && new Blame(reader).of(witnesses(StallCause.COMPUTING)) == null;
	}

	/**
	 * Return the stacks that show how it came to a cause.
	 * @param cause the cause
	 * @return the stacks, those that stand for the most time first
	 */
	List<SampledStack> witnesses(StallCause cause) {
		StallCause seen = switch (cause) {
			case GC, STARVED, FLOOD, UNKNOWN -> StallCause.COMPUTING;
			default -> cause;
		};
		List<SampledStack> witnesses = this.stacks.stream().filter((stack) -> stack.cause() == seen).toList();
		return witnesses.isEmpty() ? this.stacks : witnesses;
	}

}
