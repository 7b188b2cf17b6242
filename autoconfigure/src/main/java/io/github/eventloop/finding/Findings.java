package io.github.eventloop.finding;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The answer to the question what is wrong with the event loops. Immutable.
 *
 * @param at when it was determined
 * @param period how far back it looks
 * @param findings what is wrong: at most {@link #MAX_FINDINGS}, most important first;
 * empty if nothing is
 * @param checked what was looked at, as phrases with figures
 * @param notChecked what could not be looked at, and how to change that
 * @since 0.1.0
 */
public record Findings(Instant at, Duration period, List<Finding> findings, List<String> checked,
		List<String> notChecked) {

	/**
	 * How far back findings look: longer than the rollout of one pod, and short enough
	 * that what has been cured is soon forgotten.
	 */
	public static final Duration PERIOD = Duration.ofMinutes(5);

	/**
	 * Maximum number of findings.
	 */
	public static final int MAX_FINDINGS = 10;

}
