package io.github.eventloop.health;

import java.time.Instant;

/**
 * Application event that is published when the status of the event loops changes.
 * Listeners are called on a dedicated thread, never on an event loop: they may block, but
 * delay the events that follow, of which the oldest is discarded if 64 are waiting.
 *
 * @param from the previous status
 * @param to the new status, always different from the previous one
 * @param reason the reason for the new status, in words and numbers; not meant to be
 * parsed
 * @param at when the status changed, by the wall clock: just after the end of the second
 * that changed it
 * @since 0.1.0
 */
public record EventLoopStatusChangedEvent(EventLoopStatus from, EventLoopStatus to, String reason, Instant at) {
}
