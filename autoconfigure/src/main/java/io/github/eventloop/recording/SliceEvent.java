package io.github.eventloop.recording;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Percentage;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.Isolated;
import io.github.eventloop.monitor.Lag;
import io.github.eventloop.monitor.LoopSecond;
import io.github.eventloop.monitor.MonitoredLoop;

/**
 * One loop in one second, as a recording shows it.
 */
@Name(SliceEvent.NAME)
@Label("Event Loop Slice")
@Description("An event loop in the second that has ended: how late, how busy, with how much on its hands")
@Category("eventloop")
@StackTrace(false)
final class SliceEvent extends Event {

	static final String NAME = "io.github.eventloop.Slice";

	@Label("Loop")
	@Description("Name of the loop's thread, as in the JVM's own events")
	String loop = "";

	@Label("Group")
	@Description("What the loops of one purpose have in common, such as reactor-http")
	String group = "";

	@Label("Lag p50")
	@Description("Median of how long an event waited for the loop in this second")
	@Timespan
	long lagP50;

	@Label("Lag p99")
	@Description("99th percentile of it")
	@Timespan
	long lagP99;

	@Label("Lag Max")
	@Description("The longest wait")
	@Timespan
	long lagMax;

	@Label("Utilization")
	@Description("Share of this second that the loop did not wait in its poll; NaN if nobody can tell")
	@Percentage
	double utilization;

	@Label("CPU Utilization")
	@Description("Share of this second that the loop's thread had a CPU; NaN if the JVM cannot tell")
	@Percentage
	double cpuUtilization;

	@Label("Channels")
	@Description("Channels registered with the loop at the end of this second; -1 if nobody can tell")
	int channels;

	@Label("In-Flight Requests")
	@Description("Requests that had arrived on the loop and were not answered by then; 0 if nobody can tell")
	int inFlightRequests;

	@Label("Pending Tasks")
	@Description("Tasks that waited for the loop by then")
	int pendingTasks;

	/**
	 * Write a second into the recordings that run and want to know: an event for each
	 * loop that has started.
	 * @param second the second
	 */
	static void commit(EventLoopSecond second) {
		if (new SliceEvent().isEnabled()) {
			Isolated.forEach(second.loops(), SliceEvent::commit);
		}
	}

	private static void commit(LoopSecond loop) {
		if (loop.loop().recorder().thread() != null) {
			SliceEvent event = new SliceEvent();
			event.take(loop);
			event.commit();
		}
	}

	private void take(LoopSecond second) {
		MonitoredLoop source = second.loop();
		this.loop = source.name();
		this.group = source.group();
		Lag lag = second.lag();
		this.lagP50 = lag.p50Nanos();
		this.lagP99 = lag.p99Nanos();
		this.lagMax = lag.maxNanos();
		this.utilization = source.isApproximate() ? Double.NaN : second.utilization();
		Double cpu = second.cpuUtilization();
		this.cpuUtilization = (cpu != null) ? cpu : Double.NaN;
		this.channels = source.channels();
		this.inFlightRequests = source.inFlightRequests();
		this.pendingTasks = source.pendingTasks();
	}

}
