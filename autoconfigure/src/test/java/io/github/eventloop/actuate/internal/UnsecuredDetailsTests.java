package io.github.eventloop.actuate.internal;

import java.security.Principal;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.SecurityContext;

import io.github.eventloop.actuate.ShowDetails;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Details} without Spring Security, where a principal is that of the
 * application or its container.
 */
class UnsecuredDetailsTests {

	private static final SecurityContext READER = new SecurityContext() {

		@Override
		public Principal getPrincipal() {
			return () -> "user";
		}

		@Override
		public boolean isUserInRole(String role) {
			return true;
		}

	};

	@Test
	void shouldAuthorizeNoUser() {
		assertThat(new Details(ShowDetails.WHEN_AUTHORIZED, Set.of()).areShownTo(READER, false)).isFalse();
		assertThat(new Details(ShowDetails.WHEN_LOCAL_OR_AUTHORIZED, Set.of("USER")).areShownTo(READER, false))
			.isFalse();
	}

	@Test
	void shouldNotDependOnUser() {
		assertThat(new Details(ShowDetails.WHEN_AUTHORIZED, Set.of()).dependOnReader()).isFalse();
	}

}
