package io.github.eventloop.actuate.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * {@link Filter} that is the counterpart of {@link EndpointRequests} in servlet
 * applications: it adds security headers to each response, restricts the methods of each
 * path, renders errors of Spring itself as problem details, lets browsers store the page,
 * and determines whether a request was made on a developer's own machine.
 */
public final class EndpointRequestsFilter extends OncePerRequestFilter implements Ordered {

	private final PathPattern paths;

	private final Set<HttpMethod> methods;

	private final boolean drills;

	private final Predicate<HttpServletRequest> local;

	private final @Nullable Function<OperationResponseBody, byte[]> encoder;

	/**
	 * Create a filter.
	 * @param path the path of the endpoint within the application
	 * @param methods the methods of the endpoint's operations
	 * @param drills whether drills are allowed
	 * @param local whether a request was made on a developer's own machine
	 * @param encoder encodes problem details as JSON, or {@code null} if that is not
	 * possible
	 */
	public EndpointRequestsFilter(String path, Set<HttpMethod> methods, boolean drills,
			Predicate<HttpServletRequest> local, @Nullable Function<OperationResponseBody, byte[]> encoder) {
		this.paths = PathPatternParser.defaultInstance.parse(path + "/**");
		this.methods = Set.copyOf(methods);
		this.drills = drills;
		this.local = local;
		this.encoder = encoder;
	}

	/** After Spring Security, which therefore answers requests that it rejects. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE - 100;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		PathContainer path = ServletRequestPathUtils.parse(request).pathWithinApplication();
		if (this.paths.matches(path)) {
			request.setAttribute(LocalReaders.LOCAL, this.local.test(request));
			// A header that the application has set is kept.
			boolean cacheable = !response.containsHeader(HttpHeaders.CACHE_CONTROL);
			protect(response);
			answer(request, segments(path), new EndpointResponse(response, cacheable), chain);
		}
		else {
			chain.doFilter(request, response);
		}
	}

	private List<String> segments(PathContainer path) {
		List<String> segments = new ArrayList<>();
		for (PathContainer.Element element : this.paths.extractPathWithinPattern(path).elements()) {
			if (element instanceof PathSegment segment) {
				segments.add(segment.valueToMatch());
			}
		}
		return segments;
	}

	private void answer(HttpServletRequest request, List<String> path, EndpointResponse response, FilterChain chain)
			throws ServletException, IOException {
		HttpMethod method = HttpMethod.valueOf(request.getMethod());
		Set<HttpMethod> allowed = Views.allowed(path, this.drills, this.methods);
		if (CorsUtils.isPreFlightRequest(request) || (allowed != null && allowed.contains(method))) {
			if (path.isEmpty() && isPageCached(request)) {
				response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
				response.cachePage();
			}
			else {
				chain.doFilter(request, response);
			}
		}
		else if (allowed == null) {
			response.sendError(HttpServletResponse.SC_NOT_FOUND, Views.notFound(String.join("/", path)));
		}
		else if (method.equals(HttpMethod.OPTIONS)) {
			allowed.add(method);
			allow(response, allowed);
		}
		else {
			allow(response, allowed);
			response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED,
					"Request method " + Problem.quote(method.name()) + " is not supported.");
		}
	}

	/** Return whether the browser has the current page. */
	private static boolean isPageCached(HttpServletRequest request) {
		String etag = LivePage.etag();
		return etag != null && new ServletServerHttpRequest(request).getHeaders().getIfNoneMatch().contains(etag);
	}

	private static void allow(HttpServletResponse response, Set<HttpMethod> allowed) {
		response.setHeader(HttpHeaders.ALLOW, allowed.stream().map(HttpMethod::name).collect(Collectors.joining(",")));
	}

	/** Existing headers are kept, and Spring Security keeps these. */
	private static void protect(HttpServletResponse response) {
		Collection<String> vary = response.getHeaders(HttpHeaders.VARY);
		// The JSON and the page have the same URL.
		if (!vary.contains(HttpHeaders.ACCEPT)) {
			response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
		}
		ProtectiveHeaders.DEFAULTS.forEach((name, value) -> {
			if (!response.containsHeader(name)) {
				response.setHeader(name, value);
			}
		});
	}

	/**
	 * Response that writes problem details instead of the error page of the application,
	 * and that browsers may store if it is the page.
	 */
	private final class EndpointResponse extends HttpServletResponseWrapper {

		private final boolean cacheable;

		private EndpointResponse(HttpServletResponse response, boolean cacheable) {
			super(response);
			this.cacheable = cacheable;
		}

		/** Called with all headers set, before the first byte of the body. */
		@Override
		public ServletOutputStream getOutputStream() throws IOException {
			String type = getContentType();
			if (getStatus() == SC_OK && type != null && type.startsWith(MediaType.TEXT_HTML_VALUE)) {
				cachePage();
			}
			return super.getOutputStream();
		}

		private void cachePage() {
			if (this.cacheable) {
				setHeader(HttpHeaders.CACHE_CONTROL, ProtectiveHeaders.CACHE_OF_PAGE);
				setHeader(HttpHeaders.ETAG, LivePage.etag());
			}
		}

		@Override
		public void sendError(int status) throws IOException {
			HttpStatus known = HttpStatus.resolve(status);
			sendError(status, (known != null) ? known.getReasonPhrase() : String.valueOf(status));
		}

		@Override
		public void sendError(int status, String detail) throws IOException {
			Function<OperationResponseBody, byte[]> json = EndpointRequestsFilter.this.encoder;
			if (json != null && HttpStatus.resolve(status) != null) {
				resetBuffer();
				setStatus(status);
				setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
				getOutputStream().write(json.apply(Problem.of(status, detail)));
			}
			else {
				super.sendError(status, detail);
			}
		}

	}

}
