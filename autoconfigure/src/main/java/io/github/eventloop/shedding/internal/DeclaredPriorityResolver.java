package io.github.eventloop.shedding.internal;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.util.pattern.PathPattern;

import io.github.eventloop.monitor.InvalidSettingException;
import io.github.eventloop.shedding.RequestPriority;
import io.github.eventloop.shedding.RequestPriorityResolver;

/**
 * {@link RequestPriorityResolver} that uses declared priorities: a header of the request,
 * and patterns of its path. The lowest declared priority wins. A caller that sets the
 * header can therefore lower the priority of any request, but raise it only if the path
 * declares none. Immutable.
 */
public final class DeclaredPriorityResolver implements RequestPriorityResolver {

	/** Syntax of a header name (RFC 9110, section 5.6.2). */
	private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

	private static final RequestPriority[] PRIORITIES = RequestPriority.values();

	private final @Nullable String header;

	private final List<PathPattern> lowPriority;

	private final List<PathPattern> highPriority;

	/**
	 * Create a resolver.
	 * @param header the name of the header that declares a {@link RequestPriority}, whose
	 * value is case-insensitive; {@code null} to use no header
	 * @param lowPriority the paths of low priority, within the application
	 * @param highPriority the paths of high priority, within the application
	 * @throws InvalidSettingException if the name is not a valid header name
	 */
	public DeclaredPriorityResolver(@Nullable String header, List<PathPattern> lowPriority,
			List<PathPattern> highPriority) {
		if (header != null && !header.matches(TOKEN)) {
			throw new InvalidSettingException("priorityHeader", header,
					"must be the name of a header: letters, digits and any of !#$%%&'*+.^_`|~-");
		}
		this.header = header;
		this.lowPriority = List.copyOf(lowPriority);
		this.highPriority = List.copyOf(highPriority);
	}

	@Override
	public RequestPriority priorityOf(ServerHttpRequest request) {
		RequestPriority path = byPath(request);
		RequestPriority header = byHeader(request);
		if (path == null || header == null) {
			return (path != null) ? path : ((header != null) ? header : RequestPriority.NORMAL);
		}
		return (path.compareTo(header) < 0) ? path : header;
	}

	private @Nullable RequestPriority byPath(ServerHttpRequest request) {
		if (this.lowPriority.isEmpty() && this.highPriority.isEmpty()) {
			return null;
		}
		PathContainer path = request.getPath().pathWithinApplication();
		if (matches(this.lowPriority, path)) {
			return RequestPriority.LOW;
		}
		return matches(this.highPriority, path) ? RequestPriority.HIGH : null;
	}

	private static boolean matches(List<PathPattern> patterns, PathContainer path) {
		for (PathPattern pattern : patterns) {
			if (pattern.matches(path)) {
				return true;
			}
		}
		return false;
	}

	private @Nullable RequestPriority byHeader(ServerHttpRequest request) {
		List<String> values = (this.header != null) ? request.getHeaders().get(this.header) : null;
		if (values == null) {
			return null;
		}
		for (RequestPriority priority : PRIORITIES) {
			for (String value : values) {
				if (priority.name().equalsIgnoreCase(value)) {
					return priority;
				}
			}
		}
		return null;
	}

}
