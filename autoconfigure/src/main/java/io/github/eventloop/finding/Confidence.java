package io.github.eventloop.finding;

/**
 * How certain a {@link Finding} is, most certain first.
 *
 * @since 0.1.0
 */
public enum Confidence {

	/**
	 * Measured: at least 80 % of the time that the finding is about is backed by
	 * measurements of its cause, which are at least three samples of a stack, or counted
	 * time.
	 */
	HIGH,

	/**
	 * Measured in part, from 40 % of that time, or by fewer than three samples; or two
	 * measurements agree that do not show the cause itself.
	 */
	MEDIUM,

	/**
	 * Concluded: other explanations are possible. Verify it before acting on it.
	 */
	LOW

}
