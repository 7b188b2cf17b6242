package io.github.eventloop.blocking;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.Culprit;

/**
 * The blocking calls of one kind and culprit. Immutable.
 *
 * @param kind what the loop waited for
 * @param culprit the line that made the calls, or {@code null} if there are only frames
 * of frameworks on the stack
 * @param count the number of calls
 * @param total how long all calls took, or zero if the detector does not measure it
 * @param max how long the longest call took, or zero if the detector does not measure it
 * @param lastSeenAt when the newest call ended
 * @param lastLoop the name of the event loop thread that made the newest call
 * @param stack the stack of the longest call, innermost frame first, with irrelevant
 * frames of frameworks folded
 * @since 0.1.0
 */
public record BlockingHotspot(BlockingKind kind, @Nullable Culprit culprit, long count, Duration total, Duration max,
		Instant lastSeenAt, String lastLoop, List<String> stack) {

}
