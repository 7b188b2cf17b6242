package io.github.eventloop.health;

/**
 * Application event: the event loops are judged differently from now on. Published by a
 * thread of its own, never by an event loop: a listener may take its time, but the next
 * event waits for it.
 *
 * @param from the status before
 * @param to the status now, always another one
 * @param reason the reason for the status now, in words and numbers; not meant to be
 * parsed
 * @since 0.1.0
 */
public record EventLoopStatusChangedEvent(EventLoopStatus from, EventLoopStatus to, String reason) {
}
