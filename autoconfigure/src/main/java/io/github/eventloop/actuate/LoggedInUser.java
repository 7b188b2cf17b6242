package io.github.eventloop.actuate;

import java.security.Principal;

import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.util.ClassUtils;

/**
 * Tells users who are logged in from principals that stand for nobody: Spring Security
 * may give an anonymous request a token of its own, and may hand over one that it has not
 * authenticated yet.
 */
final class LoggedInUser {

	private static final boolean SPRING_SECURITY_PRESENT = ClassUtils
		.isPresent("org.springframework.security.core.Authentication", LoggedInUser.class.getClassLoader());

	private LoggedInUser() {
	}

	static boolean isOne(@Nullable Principal principal) {
		return principal != null && (!SPRING_SECURITY_PRESENT || SpringSecurity.isLoggedIn(principal));
	}

	/**
	 * Loaded only where Spring Security is present.
	 */
	private static final class SpringSecurity {

		private static boolean isLoggedIn(Principal principal) {
			return !(principal instanceof Authentication authentication)
					|| new AuthenticationTrustResolverImpl().isAuthenticated(authentication);
		}

	}

}
