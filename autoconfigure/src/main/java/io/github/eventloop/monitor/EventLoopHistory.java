package io.github.eventloop.monitor;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * History of all event loops, second by second, oldest first. All arrays of one history
 * have the same length. The arrays are copies that belong to the caller.
 *
 * @param epochMillis the end of each second by the wall clock
 * @param lagP50Nanos the median lag of all loops in each second alone
 * @param lagP99Nanos the 99th percentile of the lag of all loops in each second alone
 * @param lagMaxNanos the longest lag of all loops in each second alone
 * @param utilization the mean utilization of the started loops, 0..1
 * @param cpuUtilization the mean share of each second that the threads of the started
 * loops used a CPU, 0..1; 0 if the JVM does not support it
 * @param processCpuUtilization the share of the available CPUs that the process used,
 * with all its threads, 0..1; 0 if the JVM does not support it
 * @param pauseNanos the time that the process was paused
 * @param requests the number of requests that arrived on the loops that count, or
 * {@code null} if no loop accepts connections
 * @param loops the loops that exist now
 * @since 0.1.0
 */
@SuppressWarnings("ArrayRecordComponent") // columns for charts: made for one reader
public record EventLoopHistory(long[] epochMillis, float[] lagP50Nanos, float[] lagP99Nanos, float[] lagMaxNanos,
		float[] utilization, float[] cpuUtilization, float[] processCpuUtilization, float[] pauseNanos,
		float @Nullable [] requests, List<Loop> loops) {

	/**
	 * History of one loop. The values of seconds before the loop was monitored are 0.
	 *
	 * @param name the name of its thread
	 * @param lagP99Nanos the 99th percentile of its lag in each second alone
	 * @param lagMaxNanos its longest lag in each second alone
	 * @param utilization its utilization, 0..1
	 * @param cpuUtilization the share of each second that its thread used a CPU, 0..1;
	 * NaN if the JVM does not report it
	 * @param approximate whether the loop is external and measured approximately: then
	 * its lag is an estimate, and its utilization is unknown and 0
	 */
	@SuppressWarnings("ArrayRecordComponent")
	public record Loop(String name, float[] lagP99Nanos, float[] lagMaxNanos, float[] utilization,
			float[] cpuUtilization, boolean approximate) {
	}

}
