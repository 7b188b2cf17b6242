package io.github.eventloop.actuate.internal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.eventloop.stall.SampledStack;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;

/**
 * One stall. Details are left out for readers that are not shown any; see
 * {@link Details}.
 *
 * @param id the id of the stall, unique within its application context
 * @param loop the name of the loop, as in the list of all loops
 * @param group the name of the loop's group
 * @param component the name of the driver that the loop belongs to; left out where it
 * belongs to none
 * @param startedAt when it began
 * @param durationMillis its duration, so far if it is in progress
 * @param inProgress whether it has not ended yet
 * @param cause the cause of the stall
 * @param culprit a detail: the line that caused it; left out where there is none
 * @param entry a detail: the outermost frame of the application around the culprit; left
 * out where the application is not on the stack
 * @param doing a detail: the innermost method of a framework that most samples share;
 * left out where there is a culprit or nothing was sampled
 * @param lockOwner a detail: the thread that held the lock the loop waited for, most of
 * the time; left out where there is none
 * @param route a detail: the template of the route of the request that the loop was
 * executing; left out where it is not known
 * @param filter a detail: the name of the filter of Spring Cloud Gateway whose code the
 * loop was executing; left out where there is none
 * @param traceId a detail: the id of that request's trace; left out where there is none
 * @param peer a detail: the host and port of the server whose response the loop was
 * handling; left out where there is none
 * @param inFlightRequests the requests that had arrived on the loop without a response
 * @param cpuMillis the part of the stall in which the loop's thread had a CPU
 * @param gcMillis the part in which the loop waited for the garbage collector
 * @param starvedMillis the part in which the loop, or the collector that it waited for,
 * was runnable but had no CPU
 * @param starvedBy what used the CPUs instead; left out where that is not known
 * @param events the ready channels that the loop handled; 0 while it is in progress
 * @param tasksStarted the tasks and requests that the loop started
 * @param oneConnection {@code true} if all of them, or all messages of a WebSocket, came
 * from one connection; left out otherwise
 * @param samples the number of samples of the loop
 * @param advice a detail: what to do about it; left out where there is no advice
 * @param stack a detail: the stack that accounts for most of the stall, innermost frame
 * first, with the frames of frameworks folded
 * @param stacks a detail: all sampled stacks, those that account for the most time first;
 * left out where stalls are listed
 * @param hint how to see details; left out where they are shown, and where stalls are
 * listed
 */
@JsonPropertyOrder({ "id", "loop", "group", "component", "startedAt", "durationMillis", "inProgress", "cause",
		"culprit", "entry", "doing", "lockOwner", "route", "filter", "traceId", "peer", "inFlightRequests", "cpuMillis",
		"gcMillis", "starvedMillis", "starvedBy", "events", "tasksStarted", "oneConnection", "samples", "advice",
		"stack", "stacks", "hint" })
public record StallDescriptor(String id, String loop, String group, @Nullable String component, Instant startedAt,
		double durationMillis, boolean inProgress, StallCause cause, @Nullable CulpritDescriptor culprit,
		@Nullable CulpritDescriptor entry, @Nullable CulpritDescriptor doing, @Nullable LockOwner lockOwner,
		@Nullable String route, @Nullable String filter, @Nullable String traceId, @Nullable String peer,
		int inFlightRequests, double cpuMillis, double gcMillis, double starvedMillis, @Nullable String starvedBy,
		long events, long tasksStarted, @Nullable Boolean oneConnection, int samples, @Nullable String advice,
		@Nullable List<String> stack, @Nullable List<Stack> stacks,
		@Nullable String hint) implements OperationResponseBody {

	static StallDescriptor listed(Stall stall, boolean withDetails) {
		return withDetails ? detailed(stall, null) : numbers(stall, null);
	}

	static StallDescriptor alone(Stall stall, @Nullable String hint) {
		return (hint != null) ? numbers(stall, hint)
				: detailed(stall, stall.samples().stacks().stream().map(Stack::of).toList());
	}

	private static StallDescriptor detailed(Stall stall, @Nullable List<Stack> stacks) {
		io.github.eventloop.stall.LockOwner owner = stall.code().lockOwner();
		return new StallDescriptor(Long.toString(stall.id()), stall.loop(), stall.group(), stall.component(),
				startOf(stall), Numbers.millis(stall.duration().toNanos()), stall.inProgress(), stall.cause(),
				CulpritDescriptor.of(stall.code().culprit()), CulpritDescriptor.of(stall.code().entry()),
				CulpritDescriptor.of(stall.code().doing()), (owner != null) ? LockOwner.of(owner) : null,
				stall.requests().route(), stall.requests().filter(), stall.requests().traceId(),
				stall.requests().peer(), stall.requests().inFlight(), Numbers.millis(stall.times().cpuNanos()),
				Numbers.millis(stall.times().gcNanos()), Numbers.millis(stall.times().starvedNanos()),
				stall.times().starvedBy(), stall.work().events(), stall.work().tasksStarted(), oneConnection(stall),
				stall.samples().count(), stall.advice().isEmpty() ? null : stall.advice(), stall.samples().stack(),
				stacks, null);
	}

	private static StallDescriptor numbers(Stall stall, @Nullable String hint) {
		return new StallDescriptor(Long.toString(stall.id()), stall.loop(), stall.group(), stall.component(),
				startOf(stall), Numbers.millis(stall.duration().toNanos()), stall.inProgress(), stall.cause(), null,
				null, null, null, null, null, null, null, stall.requests().inFlight(),
				Numbers.millis(stall.times().cpuNanos()), Numbers.millis(stall.times().gcNanos()),
				Numbers.millis(stall.times().starvedNanos()), stall.times().starvedBy(), stall.work().events(),
				stall.work().tasksStarted(), oneConnection(stall), stall.samples().count(), null, null, null, hint);
	}

	private static @Nullable Boolean oneConnection(Stall stall) {
		return stall.work().oneConnection() ? Boolean.TRUE : null;
	}

	private static Instant startOf(Stall stall) {
		return stall.startedAt().truncatedTo(ChronoUnit.MILLIS);
	}

	/**
	 * The owner of a lock.
	 *
	 * @param thread the name of the thread
	 * @param at the line that the thread was executing; left out where it is not known
	 */
	@JsonPropertyOrder({ "thread", "at" })
	public record LockOwner(String thread, @Nullable CulpritDescriptor at) {

		private static LockOwner of(io.github.eventloop.stall.LockOwner owner) {
			return new LockOwner(owner.threadName(), CulpritDescriptor.of(owner.at()));
		}

	}

	/**
	 * A sampled stack.
	 *
	 * @param cause what the thread was doing
	 * @param samples the number of samples with this stack
	 * @param millis the part of the stall that it accounts for
	 * @param stack all its frames, innermost first
	 */
	@JsonPropertyOrder({ "cause", "samples", "millis", "stack" })
	public record Stack(StallCause cause, int samples, double millis, List<String> stack) {

		private static Stack of(SampledStack stack) {
			return new Stack(stack.cause(), stack.samples(), Numbers.millis(stack.nanos()), stack.lines());
		}

	}

}
