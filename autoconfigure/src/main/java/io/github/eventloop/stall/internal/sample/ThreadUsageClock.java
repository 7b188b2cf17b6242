package io.github.eventloop.stall.internal.sample;

import java.util.function.Function;

import io.github.eventloop.monitor.LoopView;
import io.github.eventloop.monitor.internal.thread.ThreadCpuClock;

/**
 * Clock for the usage of the thread of a loop. Thread-safe.
 */
public final class ThreadUsageClock implements Function<LoopView, ThreadUsage> {

	private final ThreadCpuClock cpuClock = new ThreadCpuClock();

	@Override
	public ThreadUsage apply(LoopView view) {
		Thread thread = view.thread();
		return (thread != null)
				? new ThreadUsage(this.cpuClock.nanosOf(thread), ThreadUsage.queuedNanosOf(view.osThreadId()))
				: ThreadUsage.UNKNOWN;
	}

}
