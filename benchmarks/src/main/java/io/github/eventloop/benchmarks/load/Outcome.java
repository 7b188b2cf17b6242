package io.github.eventloop.benchmarks.load;

/**
 * How a request ended.
 */
public enum Outcome {

	/** Answered with a status below 400. */
	OK,

	/** Answered with 503: refused by a server that protects itself. */
	REFUSED,

	/**
	 * Answered with another status from 400 on, or not at all since its connection broke.
	 */
	FAILED,

	/** Not answered in the time that the load allows. */
	TIMED_OUT;

	static Outcome of(int status) {
		if (status == 503) {
			return REFUSED;
		}
		return (status < 400) ? OK : FAILED;
	}

}
