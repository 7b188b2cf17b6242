package io.github.eventloop.health;

import org.springframework.util.Assert;

/**
 * A status and the reason for it. Immutable.
 *
 * @param status the status of the event loops
 * @param reason the reason for it, in words and numbers; not meant to be parsed
 * @since 0.1.0
 */
public record Judgement(EventLoopStatus status, String reason) {

	/**
	 * Create a judgement.
	 * @throws IllegalArgumentException if the status or the reason is missing
	 */
	public Judgement {
		Assert.notNull(status, "'status' must not be null");
		Assert.hasText(reason, "'reason' must not be empty");
	}

}
