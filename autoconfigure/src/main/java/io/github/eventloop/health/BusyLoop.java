package io.github.eventloop.health;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A loop that is in an iteration. Immutable.
 *
 * @param name its name
 * @param busyFor the age of the iteration, without pauses of the process
 * @param excuse why it may take longer in the start-up grace, fit to follow "has made no
 * progress for 3 s", or {@code null} if there is no reason
 */
record BusyLoop(String name, Duration busyFor, @Nullable String excuse) {

	String describe() {
		return this.name + " has made no progress for " + Figures.seconds(this.busyFor)
				+ ((this.excuse != null) ? " " + this.excuse : "");
	}

}
