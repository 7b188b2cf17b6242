package io.github.eventloop.stall;

import org.jspecify.annotations.Nullable;

/**
 * The owner of a lock that a loop waits for. Immutable.
 *
 * @param threadName the name of the thread
 * @param at the line that the thread was executing for most of the wait, or {@code null}
 * if it is not known
 * @param loadsClass whether the thread was loading or initializing a class
 * @since 0.1.0
 */
public record LockOwner(String threadName, @Nullable Culprit at, boolean loadsClass) {

}
