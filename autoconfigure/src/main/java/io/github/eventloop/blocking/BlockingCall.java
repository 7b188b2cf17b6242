package io.github.eventloop.blocking;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.Culprit;

/**
 * A blocking call on an event loop. Immutable.
 *
 * @param kind what the loop waited for
 * @param culprit the line that made the call, or {@code null} if there are only frames of
 * frameworks on the stack
 * @param loop the name of the event loop thread
 * @param length how long the call took, or zero if the detector does not measure it
 * @param endedAt when the call ended, or when it was detected if the detector does not
 * measure the length
 * @since 0.1.0
 */
public record BlockingCall(BlockingKind kind, @Nullable Culprit culprit, String loop, Duration length,
		Instant endedAt) {

}
