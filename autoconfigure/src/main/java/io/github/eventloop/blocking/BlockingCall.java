package io.github.eventloop.blocking;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.Culprit;

/**
 * One blocking call of a loop. Immutable.
 *
 * @param kind what the loop waited for
 * @param culprit the line to blame, or {@code null} if there are only frames of
 * frameworks on the stack
 * @param loop the name of the loop's thread
 * @param length how long it took, or zero if the detector cannot tell
 * @param endedAt when it ended, or when it was seen if the detector knows no length
 * @since 0.1.0
 */
public record BlockingCall(BlockingKind kind, @Nullable Culprit culprit, String loop, Duration length,
		Instant endedAt) {

}
