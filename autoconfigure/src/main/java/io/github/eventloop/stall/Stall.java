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
 * @param id identifies the stall within its application context
 * @param loop the name of the loop, as in snapshots: that of its thread, with a number if
 * several have the same name
 * @param group the name of the loop's group
 * @param component the name of the driver that the loop belongs to, such as
 * {@code lettuce}, or {@code null} if it belongs to none
 * @param startedAt when the iteration started
 * @param duration how long it took, or has taken so far
 * @param inProgress whether the stall is still in progress
 * @param cause the cause
 * @param code the code that the stall is attributed to
 * @param requests the requests of the loop
 * @param times what the loop's thread did during the stall
 * @param work what the loop handled in the iteration
 * @param samples what was sampled
 * @param advice what to do about the stall
 * @since 0.1.0
 */
public record Stall(long id, String loop, String group, @Nullable String component, Instant startedAt,
		Duration duration, boolean inProgress, StallCause cause, Code code, Requests requests, Times times, Work work,
		Samples samples, String advice) {

	private static final Set<StallCause> WAITS = EnumSet.of(StallCause.BLOCKING_IO, StallCause.SLEEPING,
			StallCause.WAITING, StallCause.LOCK);

	/**
	 * Return this stall at a later instant.
	 * @param duration how long it has taken by then
	 * @param samples what has been sampled by then
	 * @return the stall, otherwise unchanged
	 */
	public Stall at(Duration duration, Samples samples) {
		return new Stall(this.id, this.loop, this.group, this.component, this.startedAt, duration, this.inProgress,
				this.cause, this.code, this.requests, this.times, this.work, samples, this.advice);
	}

	/**
	 * Return whether the loop spent most of the stall loading classes, as the first
	 * thread that uses them does. Sleeping or waiting in an initializer does not count.
	 * @return whether samples show class loading for more than half of the time
	 */
	public boolean isClassLoading() {
		return this.cause != StallCause.SLEEPING && this.cause != StallCause.WAITING
				&& ClassLoading.isMostOf(this.samples.stacks);
	}

	/**
	 * Return whether the loop was ready to run but had a CPU for less than a third of the
	 * stall.
	 * @return whether it was starved of CPU
	 */
	public boolean isStarved() {
		return !WAITS.contains(this.cause) && this.times.cpuNanos + this.times.gcNanos < this.duration.toNanos() / 3;
	}

	/**
	 * Return a short description of the stall, such as
	 * {@code SLEEPING at com.acme.Prices.load(Prices.java:42)}.
	 * @return cause and culprit or, without a culprit, cause and what the loop was doing
	 */
	public String summary() {
		StringBuilder summary = new StringBuilder(this.cause.name());
		if (this.code.culprit != null) {
			summary.append(" at ").append(this.code.culprit);
		}
		else if (this.code.doing != null) {
			summary.append(" in ").append(this.code.doing);
		}
		if (this.code.lockOwner != null) {
			summary.append(", held by ").append(this.code.lockOwner.threadName());
			if (this.code.lockOwner.at() != null) {
				summary.append(" at ").append(this.code.lockOwner.at());
			}
		}
		return summary.toString();
	}

	/**
	 * Code that a stall is attributed to.
	 *
	 * @param culprit the line that caused the stall, or {@code null} if there is none:
	 * nothing was sampled, or no sampled line caused it
	 * @param entry the outermost frame of the application around the culprit, or
	 * {@code null} if the application is not on the stack
	 * @param doing the innermost method of a framework that most samples share, for a
	 * stall without a culprit; {@code null} if there is one or nothing was sampled
	 * @param lockOwner the owner of the lock that the loop waited for, for most of the
	 * wait; {@code null} if there is none
	 * @since 0.1.0
	 */
	public record Code(@Nullable Culprit culprit, @Nullable Culprit entry, @Nullable Culprit doing,
			@Nullable LockOwner lockOwner) {

	}

	/**
	 * Requests of the loop during a stall.
	 *
	 * @param route the template of the route of the request that the loop was executing,
	 * or {@code null} if it is not known
	 * @param filter the name of the filter of Spring Cloud Gateway whose code the loop
	 * was executing, such as {@code ModifyResponseBody}, or {@code null}
	 * @param traceId the id of that request's trace, or {@code null}
	 * @param peer the host and port of the server whose response the loop was handling,
	 * such as {@code redis-1:6379}, or {@code null}
	 * @param inFlight the number of requests on the loop that were not answered yet
	 * @since 0.1.0
	 */
	public record Requests(@Nullable String route, @Nullable String filter, @Nullable String traceId,
			@Nullable String peer, int inFlight) {

	}

	/**
	 * What the loop's thread did during a stall.
	 *
	 * @param cpuNanos the part of the stall during which it had a CPU, in nanoseconds
	 * @param gcNanos the part during which it waited for the garbage collector, in
	 * nanoseconds
	 * @param starvedNanos the part during which it, or the collector that it waited for,
	 * was ready to run but had no CPU, in nanoseconds
	 * @param starvedBy what kept it from a CPU, such as {@code CPU limit}; {@code null}
	 * if it was not starved or the reason is not known
	 * @since 0.1.0
	 */
	public record Times(long cpuNanos, long gcNanos, long starvedNanos, @Nullable String starvedBy) {

	}

	/**
	 * What the loop handled in the iteration that is a stall.
	 *
	 * @param events the ready channels that it handled; 0 while the stall is in progress
	 * @param tasksStarted the tasks and requests that it started
	 * @param oneConnection whether all of the events and requests, or messages of a
	 * WebSocket, came from one connection
	 * @since 0.1.0
	 */
	public record Work(long events, long tasksStarted, boolean oneConnection) {

	}

	/**
	 * What was sampled during a stall.
	 *
	 * @param count the number of samples
	 * @param stack the stack that accounts for the most time, innermost frame first, with
	 * framework frames folded
	 * @param stacks all sampled stacks, longest time first
	 * @since 0.1.0
	 */
	public record Samples(int count, List<String> stack, List<SampledStack> stacks) {

	}

}
