package io.github.eventloop.stall.internal.sample;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.stall.LockOwner;
import io.github.eventloop.stall.StallCause;

/**
 * What the thread of a loop is doing at one instant.
 *
 * @param at the instant, as {@link System#nanoTime()}
 * @param cause what the thread is doing
 * @param stack its frames, innermost first
 * @param lockOwner the owner of the lock that it waits for, or {@code null}
 * @param request the request whose code it is executing, or {@code null}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Sample(long at, StallCause cause, StackTraceElement[] stack, @Nullable LockOwner lockOwner,
		@Nullable ExecutingRequest request) {

	public Sample at(long instant, @Nullable ExecutingRequest executing) {
		return new Sample(instant, this.cause, this.stack, this.lockOwner, executing);
	}

}
