package io.github.eventloop.stall;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A stall of a loop: one iteration longer than the threshold. Immutable; one that is in
 * progress shows what was known when it was asked for.
 *
 * @param id tells the stall from all others of this process
 * @param loop the name of the loop's thread
 * @param group the name of the loop's group
 * @param startedAt when the iteration began
 * @param duration how long it took, or has taken so far
 * @param inProgress whether it is still going on
 * @param cause why
 * @param culprit the line to blame, or {@code null} if there is none: nothing was seen,
 * or nothing that was seen is to blame
 * @param entry the outermost frame of the application around the culprit, or {@code null}
 * if the application is not on the stack
 * @param doing the innermost method of a framework that most samples share, for a stall
 * without a culprit; {@code null} if there is one or nothing was sampled
 * @param lockOwner the thread that held the lock the loop waited for, most of the time;
 * {@code null} if there is none
 * @param route the template of the route of the request that the loop was executing, or
 * {@code null} if it is not known
 * @param traceId the id of that request's trace, or {@code null}
 * @param inFlightRequests the requests that had arrived on the loop and were not answered
 * @param cpuNanos for how much of the stall the loop's thread had a CPU, in nanoseconds
 * @param gcNanos for how much of it the loop waited for the garbage collector, in
 * nanoseconds
 * @param starvedNanos for how much of it the loop, or the collector that it waited for,
 * was ready to run but had no CPU, in nanoseconds
 * @param starvedBy what kept the CPUs from it, such as {@code CPU limit}; {@code null} if
 * it was not starved or if that is not known
 * @param events the ready channels that the loop handled in the iteration; 0 while it is
 * in progress
 * @param steps the tasks and requests that the loop began with in the iteration
 * @param oneConnection whether all of the events and requests, or messages of a
 * WebSocket, came from one connection
 * @param samples how often the loop was looked at
 * @param advice what to do about it, in a sentence
 * @param stack the stack that stands for the most of the stall, innermost first, with the
 * frames of frameworks folded
 * @param stacks all stacks that the loop was seen with, those for the most of the time
 * first
 * @since 0.1.0
 */
public record Stall(long id, String loop, String group, Instant startedAt, Duration duration, boolean inProgress,
		StallCause cause, @Nullable Culprit culprit, @Nullable Culprit entry, @Nullable Culprit doing,
		@Nullable LockOwner lockOwner, @Nullable String route, @Nullable String traceId, int inFlightRequests,
		long cpuNanos, long gcNanos, long starvedNanos, @Nullable String starvedBy, long events, long steps,
		boolean oneConnection, int samples, String advice, List<String> stack, List<SampledStack> stacks) {

	private static final Set<StallCause> WAITS = EnumSet.of(StallCause.BLOCKING_IO, StallCause.SLEEPING,
			StallCause.WAITING, StallCause.LOCK);

	Stall lasting(Duration duration, List<SampledStack> stacks) {
		return new Stall(this.id, this.loop, this.group, this.startedAt, duration, this.inProgress, this.cause,
				this.culprit, this.entry, this.doing, this.lockOwner, this.route, this.traceId, this.inFlightRequests,
				this.cpuNanos, this.gcNanos, this.starvedNanos, this.starvedBy, this.events, this.steps,
				this.oneConnection, this.samples, this.advice, this.stack, stacks);
	}

	/**
	 * Return whether the loop spent most of the stall loading classes, as the first
	 * thread that needs them does. To sleep or wait in an initializer does not count.
	 * @return whether it was seen loading classes for more than half of the time
	 */
	public boolean isClassLoading() {
		return this.cause != StallCause.SLEEPING && this.cause != StallCause.WAITING
				&& ClassLoading.isMostOf(this.stacks);
	}

	/**
	 * Return whether the loop was ready to run for the stall but was given a CPU for less
	 * than a third of it.
	 * @return whether it was starved of CPU
	 */
	public boolean isStarved() {
		return !WAITS.contains(this.cause) && this.cpuNanos + this.gcNanos < this.duration.toNanos() / 3;
	}

	/**
	 * Return what happened in a few words, such as
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
