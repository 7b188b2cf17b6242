package io.github.eventloop.finding;

/**
 * How much a {@link Finding} matters to users, most severe first.
 *
 * @since 0.1.0
 */
public enum Severity {

	/**
	 * Users are affected now, and will be until somebody acts: a loop makes no progress,
	 * no connection is accepted, or the application is out of service.
	 */
	CRITICAL,

	/**
	 * Users noticed it, and it is likely to happen again.
	 */
	WARNING,

	/**
	 * Too short or too rare for most users to notice, or a limit of what can be known.
	 */
	INFO

}
