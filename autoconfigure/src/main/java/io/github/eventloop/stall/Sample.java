package io.github.eventloop.stall;

import org.jspecify.annotations.Nullable;

/**
 * What a loop's thread was seen doing at one instant.
 *
 * @param at the instant, as {@link System#nanoTime()}
 * @param cause what the thread was doing
 * @param stack its frames, innermost first
 * @param lockOwner who holds the lock that it waits for, or {@code null}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Sample(long at, StallCause cause, StackTraceElement[] stack, @Nullable LockOwner lockOwner) {

}
