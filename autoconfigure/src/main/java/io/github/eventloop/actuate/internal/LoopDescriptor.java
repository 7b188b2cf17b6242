package io.github.eventloop.actuate.internal;

import java.util.Set;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;

/**
 * State of one event loop.
 *
 * @param name the name of its thread
 * @param group the name of its group
 * @param roles the kinds of channels that it has carried so far
 * @param component the component that it belongs to; left out if it is not one of a
 * driver
 * @param counted whether it counts in the lag, the utilization and the status of the
 * application
 * @param state what it is doing
 * @param busyMillis the age of the iteration in progress, 0 if there is none
 * @param lag the lag over the window
 * @param utilization the share of the window in which the loop was not waiting, 0..1;
 * left out where it is not known
 * @param cpuUtilization the share of the window in which its thread had a CPU, 0..1; left
 * out where the JVM does not report it
 * @param ioSeconds the time spent on ready channels since the loop started; left out
 * where it is not known
 * @param taskSeconds the time spent on tasks since the loop started; left out where it is
 * not known
 * @param idleSeconds the time spent waiting since the loop started; left out where it is
 * not known
 * @param iterations the iterations since the loop started; left out where they are not
 * known
 * @param events the events handled since the loop started; left out where they are not
 * known
 * @param eventsWaiting those of them that were waiting before the loop polled; left out
 * where they are not known
 * @param pendingTasks the tasks that wait for the loop; left out where they are not known
 * @param channels the channels registered with the loop; left out where they are not
 * known
 * @param inFlightRequests the requests that have arrived on the loop without a response
 * yet; left out where they are not known, and if no loop accepts connections
 * @param connectionsWaiting the connections that waited to be accepted by the loop at the
 * end of the last second; left out if it accepts none or the operating system does not
 * report them
 * @param approximate {@code true} for an external loop, which is measured approximately:
 * its lag and its stalls are estimates; left out for all others
 * @param virtualThread {@code true} for a loop on a virtual thread, whose CPU time is not
 * known; left out for all others
 */
@JsonPropertyOrder({ "name", "group", "roles", "component", "counted", "state", "busyMillis", "lag", "utilization",
		"cpuUtilization", "ioSeconds", "taskSeconds", "idleSeconds", "iterations", "events", "eventsWaiting",
		"pendingTasks", "channels", "inFlightRequests", "connectionsWaiting", "approximate", "virtualThread" })
public record LoopDescriptor(String name, String group, Set<LoopRole> roles, @Nullable String component,
		boolean counted, LoopState state, double busyMillis, LagDescriptor lag, @Nullable Double utilization,
		@Nullable Double cpuUtilization, @Nullable Double ioSeconds, @Nullable Double taskSeconds,
		@Nullable Double idleSeconds, @Nullable Long iterations, @Nullable Long events, @Nullable Long eventsWaiting,
		@Nullable Integer pendingTasks, @Nullable Integer channels, @Nullable Integer inFlightRequests,
		@Nullable Integer connectionsWaiting, @Nullable Boolean approximate,
		@Nullable Boolean virtualThread) implements OperationResponseBody {

	static LoopDescriptor of(LoopSnapshot loop, boolean acceptsConnections) {
		Double cpu = loop.cpuUtilization();
		boolean measured = !loop.approximate();
		return new LoopDescriptor(loop.name(), loop.group(), loop.roles(), loop.component(), loop.counted(),
				loop.state(), Numbers.millis(loop.busyNanos()), LagDescriptor.of(loop.lag()),
				known(measured, Numbers.share(loop.utilization())),
				(cpu != null) ? Double.valueOf(Numbers.share(cpu)) : null,
				known(measured, Numbers.seconds(loop.totals().ioNanos())),
				known(measured, Numbers.seconds(loop.totals().taskNanos())),
				known(measured, Numbers.seconds(loop.totals().idleNanos())),
				known(measured, loop.totals().iterations()), known(measured, loop.totals().events()),
				known(measured, loop.totals().eventsWaiting()),
				known(loop.load().pendingTasks() >= 0, loop.load().pendingTasks()),
				known(loop.load().channels() >= 0, loop.load().channels()),
				known(measured && acceptsConnections, loop.load().inFlightRequests()), loop.load().connectionsWaiting(),
				known(loop.approximate(), true), known(loop.virtualThread(), true));
	}

	private static <T> @Nullable T known(boolean known, T value) {
		return known ? value : null;
	}

}
