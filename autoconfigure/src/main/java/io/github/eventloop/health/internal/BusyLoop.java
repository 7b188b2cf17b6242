package io.github.eventloop.health.internal;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * An event loop with an iteration in progress. Immutable.
 *
 * @param name the name of the loop
 * @param busyFor the age of the iteration, without pauses of the process
 * @param slowStartReason the reason why the iteration may take longer during the start-up
 * grace period, worded to follow "has made no progress for 3 s", or {@code null} if there
 * is none
 */
record BusyLoop(String name, Duration busyFor, @Nullable String slowStartReason) {

	String describe() {
		return this.name + " has made no progress for " + Figures.seconds(this.busyFor)
				+ ((this.slowStartReason != null) ? " " + this.slowStartReason : "");
	}

}
