package io.github.eventloop.actuate;

import java.util.Set;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;

/**
 * Who is shown what comes from code and requests: culprits, stacks, owners of locks,
 * routes, trace ids and the advice that goes with them. Numbers, causes and the names of
 * loops are for everybody. Immutable.
 *
 * @param show when they are shown
 * @param roles the roles that make a user authorized; where there are none, every user
 * who is logged in is
 * @since 0.1.0
 */
public record Details(Show show, Set<String> roles) {

	/**
	 * Create a rule.
	 */
	public Details {
		roles = Set.copyOf(roles);
	}

	boolean areShownTo(SecurityContext reader) {
		return this.show.isShown(reader, this.roles);
	}

	/** Says to a reader who sees no details how to see them. */
	String hint() {
		String who = (this.show == Show.NEVER) ? "nobody" : "authorized users only";
		return "Culprits, stacks, routes, trace ids and advice are shown to " + who
				+ ": see management.endpoint.eventloop.show-details.";
	}

}
