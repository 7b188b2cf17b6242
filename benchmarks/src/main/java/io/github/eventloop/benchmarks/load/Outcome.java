package io.github.eventloop.benchmarks.load;

/**
 * How a request ended.
 */
public enum Outcome {

	/** Answered with a status below 400. */
	OK,

	/** Answered with 503: shed by a server that protects itself, or not ready. */
	UNAVAILABLE,

	/**
	 * Answered with another status of 400 or above, or not at all because the connection
	 * broke.
	 */
	FAILED,

	/** Not answered within the timeout of the load. */
	TIMED_OUT;

	static Outcome of(int status) {
		if (status == 503) {
			return UNAVAILABLE;
		}
		return (status < 400) ? OK : FAILED;
	}

}
