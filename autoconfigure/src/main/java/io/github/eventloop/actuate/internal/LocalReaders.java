package io.github.eventloop.actuate.internal;

import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Whether the request that is being answered was made on a developer's own machine: in
 * the context of its {@code Mono} with WebFlux, and in an attribute of the request in a
 * servlet application.
 */
final class LocalReaders {

	/** Key of a {@link Boolean}. */
	static final String LOCAL = LocalReaders.class.getName() + ".LOCAL";

	private LocalReaders() {
	}

	static Context put(Context context, boolean local) {
		return context.put(LOCAL, local);
	}

	/**
	 * Return whether a request is local. Called by the thread on which the request
	 * arrived, to which the attributes of a servlet request are bound.
	 */
	static boolean isLocal(ContextView context) {
		RequestAttributes servlet = RequestContextHolder.getRequestAttributes();
		Object local = (servlet != null) ? servlet.getAttribute(LOCAL, RequestAttributes.SCOPE_REQUEST)
				: context.getOrDefault(LOCAL, false);
		return Boolean.TRUE.equals(local);
	}

}
