package io.github.eventloop.actuate.internal;

import java.util.Set;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;

import io.github.eventloop.actuate.ShowDetails;

/**
 * Rule for which readers are shown details, which originate from code and requests:
 * culprits, stacks, owners of locks, routes, trace ids and the advice that goes with
 * them, and the host and version of the application. Numbers, causes and the names of
 * loops and of the application are shown to all readers. Immutable.
 *
 * @param show when details are shown
 * @param roles the roles that authorize a user; if empty, every authenticated user is
 * authorized
 */
public record Details(ShowDetails show, Set<String> roles) {

	/**
	 * Create a rule.
	 */
	public Details {
		roles = Set.copyOf(roles);
	}

	/**
	 * Return whether a reader is shown details.
	 * @param reader the security context of the request
	 * @param local whether the request was made on a developer's own machine
	 * @return whether details are shown
	 */
	boolean areShownTo(SecurityContext reader, boolean local) {
		return switch (this.show) {
			case NEVER -> false;
			case WHEN_AUTHORIZED -> isAuthorized(reader);
			case WHEN_LOCAL_OR_AUTHORIZED -> local || isAuthorized(reader);
			case ALWAYS -> true;
		};
	}

	/**
	 * Return whether it depends on the user whether details are shown. Without Spring
	 * Security, there are no users.
	 */
	boolean dependOnReader() {
		return AuthenticatedUser.SPRING_SECURITY_PRESENT && switch (this.show) {
			case NEVER, ALWAYS -> false;
			case WHEN_AUTHORIZED, WHEN_LOCAL_OR_AUTHORIZED -> true;
		};
	}

	/** Boot's own rule treats an anonymous principal as an authenticated one. */
	private boolean isAuthorized(SecurityContext reader) {
		return AuthenticatedUser.isAuthenticated(reader.getPrincipal())
				&& Show.WHEN_AUTHORIZED.isShown(reader, this.roles);
	}

	/** Return a hint on how to see details, for readers that are not shown any. */
	String hint() {
		String readers = switch (this.show) {
			case NEVER -> "no one";
			case WHEN_LOCAL_OR_AUTHORIZED -> "authorized users only, or on a developer's own machine";
			case WHEN_AUTHORIZED, ALWAYS -> "authorized users only";
		};
		return "Culprits, stacks, routes, trace ids and advice are shown to " + readers
				+ ". To show them to everyone, set management.endpoint.eventloop.show-details=always.";
	}

}
