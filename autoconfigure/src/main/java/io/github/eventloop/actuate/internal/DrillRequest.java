package io.github.eventloop.actuate.internal;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.stall.Drill;

/**
 * Request for a drill, with defaults for what the caller does not specify.
 *
 * @param millis the duration of the stall
 * @param loop the name of the loop
 * @param kind what the loop does during the stall
 */
record DrillRequest(long millis, String loop, Drill.Kind kind) {

	/**
	 * Parse a request.
	 * @param millis the duration of the stall, which is required
	 * @param loop the name of the loop, or {@code null} for a loop that has started,
	 * preferably one that does not accept connections and is not external
	 * @param kind what the loop does during the stall, or {@code null} to sleep
	 * @param loops the existing loops
	 * @return the request
	 * @throws IllegalArgumentException if the request is invalid, with the valid values
	 */
	static DrillRequest of(@Nullable String millis, @Nullable String loop, @Nullable String kind,
			EventLoopSnapshot loops) {
		return new DrillRequest(millisOf(millis), (loop != null) ? loopOf(loop, loops) : defaultLoop(loops),
				(kind != null) ? kindOf(kind) : Drill.Kind.SLEEP);
	}

	private static long millisOf(@Nullable String millis) {
		String rule = "must be a whole number from 1 to " + Drill.LONGEST.toMillis();
		if (millis == null) {
			throw new IllegalArgumentException("'millis' is missing: it " + rule + ".");
		}
		try {
			long value = Long.parseLong(millis);
			if (value >= 1 && value <= Drill.LONGEST.toMillis()) {
				return value;
			}
		}
		catch (NumberFormatException ex) {
			// Reported below, like a number that is out of range.
		}
		throw new IllegalArgumentException("'millis' " + rule + " but is " + Problem.quote(millis) + ".");
	}

	private static String loopOf(String name, EventLoopSnapshot loops) {
		return loops.loop(name)
			.map(LoopSnapshot::name)
			.orElseThrow(() -> new IllegalArgumentException(Problem.noSuchLoop(name, loops)));
	}

	private static String defaultLoop(EventLoopSnapshot snapshot) {
		List<LoopSnapshot> started = snapshot.loops()
			.stream()
			.filter((loop) -> loop.state() != LoopState.NOT_STARTED)
			.toList();
		return started.stream()
			.filter((loop) -> !loop.roles().contains(LoopRole.ACCEPTOR) && !loop.approximate())
			.findFirst()
			.or(() -> started.stream().findFirst())
			.map(LoopSnapshot::name)
			.orElseThrow(() -> new IllegalArgumentException("No event loop has started yet."));
	}

	private static Drill.Kind kindOf(String name) {
		return Arrays.stream(Drill.Kind.values())
			.filter((kind) -> kind.name().equals(name.toUpperCase(Locale.ROOT)))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(
					"'kind' must be one of " + kinds() + " but is " + Problem.quote(name) + "."));
	}

	private static String kinds() {
		return Arrays.stream(Drill.Kind.values()).map(Enum::name).collect(Collectors.joining(", "));
	}

	Duration duration() {
		return Duration.ofMillis(this.millis);
	}

}
