package io.github.eventloop.health;

/**
 * A status and the reason for it. Immutable.
 *
 * @param status how the event loops are judged
 * @param reason why, in words and numbers; not meant to be parsed
 * @since 0.1.0
 */
public record Judgement(EventLoopStatus status, String reason) {
}
