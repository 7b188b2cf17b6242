package io.github.eventloop.stall;

import org.jspecify.annotations.Nullable;

/**
 * Who holds a lock that a loop waits for. Immutable.
 *
 * @param threadName the name of the thread
 * @param at the line that the thread was in, or {@code null} if there is none to name
 * @param loadsClass whether it was loading or initializing a class
 * @since 0.1.0
 */
public record LockOwner(String threadName, @Nullable Culprit at, boolean loadsClass) {

}
