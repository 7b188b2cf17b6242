package io.github.eventloop.stall.internal.cause;

import java.util.List;
import java.util.function.LongBinaryOperator;

import io.github.eventloop.stall.internal.sample.Interval;

/**
 * The measurements of a stall from which its cause is determined. Immutable.
 *
 * @param thresholdNanos the length above which an iteration is a stall
 * @param intervals the parts of the stall, in order of time, without gaps
 * @param cpuKnown whether the JVM reports the CPU time of threads
 * @param collectionNanos returns how long the process was stopped by a garbage collector
 * between two instants
 * @param collectorCpuNanos the upper bound of the CPU time of the collectors
 * @param concurrentCycle whether a collector ran concurrently with the application during
 * the stall
 * @param pausedNanos how long the whole process was paused, including collections, or the
 * monitor thread got no CPU
 * @param events the ready channels that the loop handled; 0 while the stall is in
 * progress
 * @param tasksStarted the tasks and requests that the loop started
 * @param advancing whether samples show that it started tasks or requests for most of the
 * time
 * @param ioNanos the part of the stall during which the loop handled ready channels; 0
 * while the stall is in progress
 */
public record StallFacts(long thresholdNanos, List<Interval> intervals, boolean cpuKnown,
		LongBinaryOperator collectionNanos, long collectorCpuNanos, boolean concurrentCycle, long pausedNanos,
		long events, long tasksStarted, boolean advancing, long ioNanos) {

	long nanos() {
		return this.intervals.stream().mapToLong(Interval::nanos).sum();
	}

}
