package io.github.eventloop.stall;

import java.util.List;
import java.util.function.LongBinaryOperator;

/**
 * What is known of a stall when its cause is looked for. Immutable.
 *
 * @param thresholdNanos the length from which on an iteration is a stall
 * @param intervals the parts of the stall, in the order of time, without gaps
 * @param cpuKnown whether the JVM reports the CPU time of threads
 * @param collecting returns for how long the process was stopped by a garbage collector
 * between two instants
 * @param collectorCpuNanos the CPU time that the collectors can have used at most
 * @param cyclesConcurrently whether a collector worked beside the application in the
 * stall
 * @param pausedNanos for how long the whole process did not run, collections included, or
 * the thread that samples was not given a CPU
 * @param events the ready channels that the loop handled; 0 while the stall is in
 * progress
 * @param steps the tasks and requests that it began with
 * @param moving whether it was seen to begin with them for most of the time
 * @param ioNanos for how much of the stall the loop handled ready channels; 0 while the
 * stall is in progress
 */
record StallFacts(long thresholdNanos, List<Interval> intervals, boolean cpuKnown, LongBinaryOperator collecting,
		long collectorCpuNanos, boolean cyclesConcurrently, long pausedNanos, long events, long steps, boolean moving,
		long ioNanos) {

	long nanos() {
		return this.intervals.stream().mapToLong(Interval::nanos).sum();
	}

}
