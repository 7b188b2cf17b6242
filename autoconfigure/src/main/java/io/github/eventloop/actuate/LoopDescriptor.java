package io.github.eventloop.actuate;

import java.util.Set;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;

/**
 * One event loop.
 *
 * @param name the name of its thread
 * @param group the name of its group
 * @param roles the kinds of channels that it has carried so far
 * @param state what it is doing
 * @param busyMillis the age of the iteration in progress, 0 if there is none
 * @param lag the lag over the window
 * @param utilization the share of the window that the loop was not waiting, 0..1
 * @param cpuUtilization the share of the window that its thread had a CPU, 0..1; left out
 * where the JVM cannot tell
 * @param ioSeconds the time with ready channels, since the loop started
 * @param taskSeconds the time with tasks, since the loop started
 * @param idleSeconds the time of waiting, since the loop started
 * @param iterations the iterations since the loop started
 * @param events the events handled since the loop started
 * @param eventsWaiting those of them that had been waiting before the loop looked
 * @param pendingTasks the tasks that wait for the loop
 * @param channels the channels registered with the loop
 * @param inFlightRequests the requests that arrived on the loop and were not answered yet
 * @param connectionsWaiting the connections that waited to be accepted by the loop when
 * the last second ended; left out if it accepts none or the operating system does not
 * tell
 * @since 0.1.0
 */
@JsonPropertyOrder({ "name", "group", "roles", "state", "busyMillis", "lag", "utilization", "cpuUtilization",
		"ioSeconds", "taskSeconds", "idleSeconds", "iterations", "events", "eventsWaiting", "pendingTasks", "channels",
		"inFlightRequests", "connectionsWaiting" })
public record LoopDescriptor(String name, String group, Set<LoopRole> roles, LoopState state, double busyMillis,
		LagDescriptor lag, double utilization, @Nullable Double cpuUtilization, double ioSeconds, double taskSeconds,
		double idleSeconds, long iterations, long events, long eventsWaiting, int pendingTasks, int channels,
		int inFlightRequests, @Nullable Integer connectionsWaiting) implements OperationResponseBody {

	static LoopDescriptor of(LoopSnapshot loop) {
		Double cpu = loop.cpuUtilization();
		return new LoopDescriptor(loop.name(), loop.group(), loop.roles(), loop.state(),
				Numbers.millis(loop.busyNanos()), LagDescriptor.of(loop.lag()), Numbers.share(loop.utilization()),
				(cpu != null) ? Double.valueOf(Numbers.share(cpu)) : null, Numbers.seconds(loop.ioNanos()),
				Numbers.seconds(loop.taskNanos()), Numbers.seconds(loop.idleNanos()), loop.iterations(), loop.events(),
				loop.eventsWaiting(), loop.pendingTasks(), loop.channels(), loop.inFlightRequests(),
				loop.connectionsWaiting());
	}

}
