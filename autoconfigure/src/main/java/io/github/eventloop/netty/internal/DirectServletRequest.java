package io.github.eventloop.netty.internal;

import java.util.Collections;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Detects requests that come directly from the machine that Tomcat runs on. Inspects the
 * request as Tomcat received it, because Spring's support for forwarded headers wraps it.
 * Tomcat's own support changes the request itself, and marks it even if it had nothing to
 * change, so no such request is recognized. Neither are requests of other servers, whose
 * own support leaves no mark.
 */
public final class DirectServletRequest {

	private static final String TOMCAT = "org.apache.catalina.connector.";

	/** Set by the {@code RemoteIpValve} of Tomcat. */
	private static final String FORWARDED = "org.apache.tomcat.request.forwarded";

	private DirectServletRequest() {
	}

	/**
	 * Return whether a request comes directly from this machine, by the same rules as
	 * {@link DirectRequest}.
	 * @param request the request, which may be wrapped
	 * @return whether it does; {@code false} if Tomcat has not received it
	 */
	public static boolean isLocal(HttpServletRequest request) {
		ServletRequest received = request;
		while (received instanceof ServletRequestWrapper wrapper) {
			received = wrapper.getRequest();
		}
		return received.getClass().getName().startsWith(TOMCAT) && received instanceof HttpServletRequest direct
				&& direct.getAttribute(FORWARDED) == null && DirectHeaders.isLoopbackAddress(direct.getRemoteAddr())
				&& DirectHeaders.areLocal(Collections.list(direct.getHeaderNames()), direct.getHeader("Host"));
	}

}
