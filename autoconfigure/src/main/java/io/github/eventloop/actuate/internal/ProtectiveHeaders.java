package io.github.eventloop.actuate.internal;

import java.util.Map;

/**
 * Security headers of each response of the endpoint.
 */
final class ProtectiveHeaders {

	/** Set unless the response has another value, such as one of Spring Security. */
	static final Map<String, String> DEFAULTS = Map.of("Cache-Control", "no-store", "X-Content-Type-Options", "nosniff",
			"X-Frame-Options", "DENY", "Content-Security-Policy", "frame-ancestors 'none'");

	/**
	 * {@code Cache-Control} of the page, which contains no data: stored by browsers, but
	 * used only after the application, and thus its security, has confirmed it.
	 */
	static final String CACHE_OF_PAGE = "private, no-cache";

	private ProtectiveHeaders() {
	}

}
