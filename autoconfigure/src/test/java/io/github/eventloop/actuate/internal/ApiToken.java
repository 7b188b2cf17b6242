package io.github.eventloop.actuate.internal;

import java.util.List;

import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/**
 * OAuth 2 token: its user has no name or password, and scopes instead of roles.
 */
class ApiToken extends AbstractAuthenticationToken {

	private static final long serialVersionUID = 1L;

	ApiToken(boolean authenticated, String... scopes) {
		super(authorities(scopes));
		setAuthenticated(authenticated);
	}

	private static List<GrantedAuthority> authorities(String... scopes) {
		return List.of(scopes).stream().<GrantedAuthority>map(SimpleGrantedAuthority::new).toList();
	}

	@Override
	public Object getCredentials() {
		return "jwt";
	}

	@Override
	public Object getPrincipal() {
		return "subject";
	}

}
