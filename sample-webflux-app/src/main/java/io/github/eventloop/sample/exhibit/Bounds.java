package io.github.eventloop.sample.exhibit;

import org.springframework.web.server.ServerWebInputException;

/**
 * Keeps what a caller may ask for within what the shop survives.
 */
public final class Bounds {

	private Bounds() {
	}

	/**
	 * Refuse a parameter that is out of range.
	 * @param parameter name of the parameter
	 * @param value what the caller gave
	 * @param min the least that is allowed
	 * @param max the most that is allowed
	 * @throws ServerWebInputException if the value is less or more, answered with 400
	 */
	public static void require(String parameter, int value, int min, int max) {
		if (value < min || value > max) {
			throw new ServerWebInputException(
					"'%s' must be from %d to %d, but was %d".formatted(parameter, min, max, value));
		}
	}

}
