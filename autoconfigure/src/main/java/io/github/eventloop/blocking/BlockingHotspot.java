package io.github.eventloop.blocking;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.Culprit;

/**
 * The blocking calls of one kind and culprit. Immutable.
 *
 * @param kind what they waited for
 * @param culprit the line to blame, or {@code null} if there are only frames of
 * frameworks on the stack
 * @param count how many there were
 * @param total how long they took together, or zero if the detector cannot tell
 * @param max how long the longest took, or zero if the detector cannot tell
 * @param lastSeenAt when the newest ended
 * @param lastLoop the name of the thread of the loop that made the newest
 * @param stack the stack of the longest, innermost frame first, with the frames of
 * frameworks folded that tell nothing
 * @since 0.1.0
 */
public record BlockingHotspot(BlockingKind kind, @Nullable Culprit culprit, long count, Duration total, Duration max,
		Instant lastSeenAt, String lastLoop, List<String> stack) {

}
