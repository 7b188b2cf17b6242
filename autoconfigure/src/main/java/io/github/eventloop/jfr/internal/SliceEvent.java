package io.github.eventloop.jfr.internal;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Percentage;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.Lag;
import io.github.eventloop.monitor.LoopSecond;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.thread.Isolated;

/**
 * Event with the measurements of one event loop in one second.
 */
@Name(SliceEvent.NAME)
@Label("Event Loop Slice")
@Description("Lag, utilization and pending work of an event loop in the second that has ended")
@Category("eventloop")
@StackTrace(false)
final class SliceEvent extends Event {

	static final String NAME = "io.github.eventloop.Slice";

	@Label("Loop")
	@Description("Name of the event loop thread, as in the events of the JVM")
	String loop = "";

	@Label("Group")
	@Description("Group of event loops with the same purpose, such as reactor-http")
	String group = "";

	@Label("Lag p50")
	@Description("Median time that an event waited for the event loop in this second")
	@Timespan
	long lagP50;

	@Label("Lag p99")
	@Description("99th percentile of the time that an event waited for the event loop")
	@Timespan
	long lagP99;

	@Label("Lag Max")
	@Description("Longest time that an event waited for the event loop")
	@Timespan
	long lagMax;

	@Label("Utilization")
	@Description("Share of this second that the event loop did not wait in its poll; NaN if not known")
	@Percentage
	double utilization;

	@Label("CPU Utilization")
	@Description("Share of this second that the event loop thread ran on a CPU; NaN if the JVM cannot measure it")
	@Percentage
	double cpuUtilization;

	@Label("Channels")
	@Description("Channels registered with the event loop at the end of this second; -1 if not known")
	int channels;

	@Label("In-Flight Requests")
	@Description("Requests that had arrived and were not answered at the end of this second; 0 if not known")
	int inFlightRequests;

	@Label("Pending Tasks")
	@Description("Tasks that waited for the event loop at the end of this second; -1 if not known")
	int pendingTasks;

	/**
	 * Commit an event for each loop that has started, if a recording has the event
	 * enabled.
	 * @param second the second
	 */
	static void commit(EventLoopSecond second) {
		if (new SliceEvent().isEnabled()) {
			Isolated.forEach(second.loops(), SliceEvent::commit);
		}
	}

	private static void commit(LoopSecond loop) {
		if (loop.loop().view().thread() != null) {
			SliceEvent event = new SliceEvent();
			event.populate(loop);
			event.commit();
		}
	}

	private void populate(LoopSecond second) {
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
