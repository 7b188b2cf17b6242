package io.github.eventloop.stall;

import java.util.function.Function;

import io.github.eventloop.monitor.LoopRecorder;
import io.github.eventloop.monitor.ThreadCpuClock;

/**
 * Reads what the thread of a loop has used. Thread-safe.
 */
final class ThreadUsageClock implements Function<LoopRecorder, ThreadUsage> {

	private final ThreadCpuClock cpuClock = new ThreadCpuClock();

	@Override
	public ThreadUsage apply(LoopRecorder recorder) {
		Thread thread = recorder.thread();
		return (thread != null)
				? new ThreadUsage(this.cpuClock.nanosOf(thread), ThreadUsage.queuedNanosOf(recorder.osThreadId()))
				: ThreadUsage.UNKNOWN;
	}

}
