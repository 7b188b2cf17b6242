package io.github.eventloop.actuate.internal;

import java.security.Principal;

import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.util.ClassUtils;

/**
 * Check for authenticated users among principals: Spring Security may represent an
 * anonymous request by a token, and may pass on a token that it has not authenticated
 * yet. Without Spring Security, no principal is a user.
 */
final class AuthenticatedUser {

	static final boolean SPRING_SECURITY_PRESENT = ClassUtils
		.isPresent("org.springframework.security.core.Authentication", AuthenticatedUser.class.getClassLoader());

	private AuthenticatedUser() {
	}

	static boolean isAuthenticated(@Nullable Principal principal) {
		return principal != null && SPRING_SECURITY_PRESENT && SpringSecurity.isAuthenticated(principal);
	}

	/**
	 * Loaded only where Spring Security is present.
	 */
	private static final class SpringSecurity {

		private static boolean isAuthenticated(Principal principal) {
			return !(principal instanceof Authentication authentication)
					|| new AuthenticationTrustResolverImpl().isAuthenticated(authentication);
		}

	}

}
