package io.github.eventloop.stall;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.internal.stack.ClassLoading;

/**
 * A stall of a loop: one iteration longer than the threshold. Immutable: a stall in
 * progress is a snapshot.
 *
 * @param id identifies the stall within this process
 * @param loop the name of the loop's thread
 * @param group the name of the loop's group
 * @param startedAt when the iteration started
 * @param duration how long it took, or has taken so far
 * @param inProgress whether the stall is still in progress
 * @param cause the cause
 * @param culprit the line that caused the stall, or {@code null} if there is none:
 * nothing was sampled, or no sampled line caused it
 * @param entry the outermost frame of the application around the culprit, or {@code null}
 * if the application is not on the stack
 * @param doing the innermost method of a framework that most samples share, for a stall
 * without a culprit; {@code null} if there is one or nothing was sampled
 * @param lockOwner the owner of the lock that the loop waited for, for most of the wait;
 * {@code null} if there is none
 * @param route the template of the route of the request that the loop was executing, or
 * {@code null} if it is not known
 * @param traceId the id of that request's trace, or {@code null}
 * @param inFlightRequests the number of requests on the loop that were not answered yet
 * @param cpuNanos the part of the stall during which the loop's thread had a CPU, in
 * nanoseconds
 * @param gcNanos the part during which the loop waited for the garbage collector, in
 * nanoseconds
 * @param starvedNanos the part during which the loop, or the collector that it waited
 * for, was ready to run but had no CPU, in nanoseconds
 * @param starvedBy what kept the loop from a CPU, such as {@code CPU limit}; {@code null}
 * if it was not starved or the reason is not known
 * @param events the ready channels that the loop handled in the iteration; 0 while it is
 * in progress
 * @param tasksStarted the tasks and requests that the loop started in the iteration
 * @param oneConnection whether all of the events and requests, or messages of a
 * WebSocket, came from one connection
 * @param samples the number of samples
 * @param advice what to do about the stall
 * @param stack the stack that accounts for the most time, innermost frame first, with
 * framework frames folded
 * @param stacks all sampled stacks, longest time first
 * @since 0.1.0
 */
public record Stall(long id, String loop, String group, Instant startedAt, Duration duration, boolean inProgress,
		StallCause cause, @Nullable Culprit culprit, @Nullable Culprit entry, @Nullable Culprit doing,
		@Nullable LockOwner lockOwner, @Nullable String route, @Nullable String traceId, int inFlightRequests,
		long cpuNanos, long gcNanos, long starvedNanos, @Nullable String starvedBy, long events, long tasksStarted,
		boolean oneConnection, int samples, String advice, List<String> stack, List<SampledStack> stacks) {

	private static final Set<StallCause> WAITS = EnumSet.of(StallCause.BLOCKING_IO, StallCause.SLEEPING,
			StallCause.WAITING, StallCause.LOCK);

	public Stall withDuration(Duration duration, List<SampledStack> stacks) {
		return new Stall(this.id, this.loop, this.group, this.startedAt, duration, this.inProgress, this.cause,
				this.culprit, this.entry, this.doing, this.lockOwner, this.route, this.traceId, this.inFlightRequests,
				this.cpuNanos, this.gcNanos, this.starvedNanos, this.starvedBy, this.events, this.tasksStarted,
				this.oneConnection, this.samples, this.advice, this.stack, stacks);
	}

	/**
	 * Return whether the loop spent most of the stall loading classes, as the first
	 * thread that uses them does. Sleeping or waiting in an initializer does not count.
	 * @return whether samples show class loading for more than half of the time
	 */
	public boolean isClassLoading() {
		return this.cause != StallCause.SLEEPING && this.cause != StallCause.WAITING
				&& ClassLoading.isMostOf(this.stacks);
	}

	/**
	 * Return whether the loop was ready to run but had a CPU for less than a third of the
	 * stall.
	 * @return whether it was starved of CPU
	 */
	public boolean isStarved() {
		return !WAITS.contains(this.cause) && this.cpuNanos + this.gcNanos < this.duration.toNanos() / 3;
	}

	/**
	 * Return a short description of the stall, such as
	 * {@code SLEEPING at com.acme.Prices.load(Prices.java:42)}.
	 * @return cause and culprit or, without a culprit, cause and what the loop was doing
	 */
	public String summary() {
		StringBuilder summary = new StringBuilder(this.cause.name());
		if (this.culprit != null) {
			summary.append(" at ").append(this.culprit);
		}
		else if (this.doing != null) {
			summary.append(" in ").append(this.doing);
		}
		if (this.lockOwner != null) {
			summary.append(", held by ").append(this.lockOwner.threadName());
			if (this.lockOwner.at() != null) {
				summary.append(" at ").append(this.lockOwner.at());
			}
		}
		return summary.toString();
	}

}
