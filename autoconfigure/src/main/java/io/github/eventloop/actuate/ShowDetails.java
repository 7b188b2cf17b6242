package io.github.eventloop.actuate;

/**
 * When the endpoint shows details: culprits, stacks, lock owners, routes, trace ids and
 * advice.
 *
 * @since 0.1.0
 */
public enum ShowDetails {

	/**
	 * Never show details.
	 */
	NEVER,

	/**
	 * Show details to authorized users.
	 */
	WHEN_AUTHORIZED,

	/**
	 * Show details to authorized users, and to all users on a developer's own machine: in
	 * an application without Spring Security and on no cloud platform, to requests that
	 * come directly from the machine that it runs on.
	 */
	WHEN_LOCAL_OR_AUTHORIZED,

	/**
	 * Always show details.
	 */
	ALWAYS

}
