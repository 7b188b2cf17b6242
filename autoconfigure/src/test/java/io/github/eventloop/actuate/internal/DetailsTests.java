package io.github.eventloop.actuate.internal;

import java.security.Principal;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;

import io.github.eventloop.actuate.ShowDetails;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Details} with every kind of principal.
 */
@Tag("security")
class DetailsTests {

	private static final List<GrantedAuthority> ANONYMOUS = AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS");

	private static final List<GrantedAuthority> USER = AuthorityUtils.createAuthorityList("ROLE_USER");

	private static final List<GrantedAuthority> OPERATOR = AuthorityUtils.createAuthorityList("ROLE_OPERATOR");

	@ParameterizedTest
	@MethodSource("readers")
	void whenAuthorizedShouldBeShownToAuthenticatedUsers(Reader reader) {
		assertThat(shown(ShowDetails.WHEN_AUTHORIZED, reader, false)).isEqualTo(reader.loggedIn());
		assertThat(shown(ShowDetails.WHEN_LOCAL_OR_AUTHORIZED, reader, false)).isEqualTo(reader.loggedIn());
	}

	@ParameterizedTest
	@MethodSource("readers")
	void whenRolesAreConfiguredShouldBeShownToUsersWithOne(Reader reader) {
		assertThat(shown(ShowDetails.WHEN_AUTHORIZED, reader, false, "OPERATOR", "AUDIT", "ROLE_ANONYMOUS"))
			.isEqualTo(reader.hasRole());
	}

	@ParameterizedTest
	@MethodSource("readers")
	void whenLocalShouldBeShownToAllUsers(Reader reader) {
		assertThat(shown(ShowDetails.WHEN_LOCAL_OR_AUTHORIZED, reader, true)).isTrue();
		assertThat(shown(ShowDetails.WHEN_AUTHORIZED, reader, true)).isEqualTo(reader.loggedIn());
	}

	@ParameterizedTest
	@MethodSource("readers")
	void whenAlwaysOrNeverShouldNotDependOnTheReader(Reader reader) {
		assertThat(shown(ShowDetails.ALWAYS, reader, false, "OPERATOR")).isTrue();
		assertThat(shown(ShowDetails.NEVER, reader, true)).isFalse();
	}

	private static boolean shown(ShowDetails show, Reader reader, boolean local, String... roles) {
		return new Details(show, Set.of(roles)).areShownTo(reader, local);
	}

	static List<Reader> readers() {
		return List.of(new Reader("no principal", null, false, false),
				new Reader("anonymous", new AnonymousAuthenticationToken("key", "anonymousUser", ANONYMOUS), false,
						false),
				new Reader("anonymous operator", new AnonymousAuthenticationToken("key", "guest", OPERATOR), false,
						false),
				new Reader("unauthenticated", UsernamePasswordAuthenticationToken.unauthenticated("user", "pw"), false,
						false),
				new Reader("unauthenticated operator", unauthenticatedOperator(), false, false),
				new Reader("unauthenticated API", new ApiToken(false, "AUDIT"), false, false),
				new Reader("remembered", new RememberMeAuthenticationToken("key", "user", USER), true, false),
				new Reader("remembered operator", new RememberMeAuthenticationToken("key", "user", OPERATOR), true,
						true),
				new Reader("user", UsernamePasswordAuthenticationToken.authenticated("user", "pw", USER), true, false),
				new Reader("operator", UsernamePasswordAuthenticationToken.authenticated("user", "pw", OPERATOR), true,
						true),
				new Reader("API", new ApiToken(true, "SCOPE_read"), true, false),
				new Reader("API auditor", new ApiToken(true, "AUDIT"), true, true),
				new Reader("of another framework", () -> "user", true, false),
				new Reader("operator of another framework", () -> "user", true, true, "OPERATOR"));
	}

	private static Principal unauthenticatedOperator() {
		TestingAuthenticationToken token = new TestingAuthenticationToken("user", "pw", "ROLE_OPERATOR");
		token.setAuthenticated(false);
		return token;
	}

	/**
	 * Security context of a reader, as Actuator passes it to an operation.
	 */
	private record Reader(String name, @Nullable Principal principal, boolean loggedIn, boolean hasRole,
			Set<String> roles) implements SecurityContext {

		Reader(String name, @Nullable Principal principal, boolean loggedIn, boolean hasRole, String... roles) {
			this(name, principal, loggedIn, hasRole, Set.of(roles));
		}

		@Override
		public @Nullable Principal getPrincipal() {
			return this.principal;
		}

		@Override
		public boolean isUserInRole(String role) {
			return this.roles.contains(role) || (this.principal instanceof Authentication authentication
					&& AuthorityUtils.authorityListToSet(authentication.getAuthorities()).contains("ROLE_" + role));
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}
