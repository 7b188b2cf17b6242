package io.github.eventloop.sample.exhibit;

import org.springframework.web.server.ServerWebInputException;

/**
 * Limits the parameters of requests to what the shop can handle.
 */
public final class Bounds {

	private Bounds() {
	}

	/**
	 * Reject a parameter that is out of range.
	 * @param parameter name of the parameter
	 * @param value value of the parameter
	 * @param min the smallest allowed value
	 * @param max the largest allowed value
	 * @throws ServerWebInputException if the value is out of range; results in status 400
	 */
	public static void require(String parameter, int value, int min, int max) {
		if (value < min || value > max) {
			throw new ServerWebInputException(
					"'%s' must be from %d to %d, but was %d".formatted(parameter, min, max, value));
		}
	}

}
