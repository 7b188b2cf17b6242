package io.github.eventloop.actuate.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.ErrorResponse;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.view.ViewResolver;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/**
 * Handling of requests to the {@link EventLoopEndpoint} that its operations are not
 * capable of: it adds security headers to each response, restricts the methods of each
 * path, renders errors of Spring itself as problem details, and determines whether a
 * request was made on a developer's own machine.
 */
public final class EndpointRequests {

	private final PathPattern paths;

	private final Set<HttpMethod> methods;

	private final boolean drills;

	private final Predicate<ServerWebExchange> local;

	/**
	 * Create a handling of requests.
	 * @param path the path of the endpoint within the application
	 * @param methods the methods of the endpoint's operations
	 * @param drills whether drills are allowed
	 * @param local whether a request was made on a developer's own machine
	 */
	public EndpointRequests(String path, Set<HttpMethod> methods, boolean drills, Predicate<ServerWebExchange> local) {
		this.paths = PathPatternParser.defaultInstance.parse(path + "/**");
		this.methods = Set.copyOf(methods);
		this.drills = drills;
		this.local = local;
	}

	/** Return whether a request is one to the endpoint. */
	boolean include(ServerWebExchange exchange) {
		return this.paths.matches(exchange.getRequest().getPath().pathWithinApplication());
	}

	/**
	 * Handle a request to the endpoint.
	 * @param exchange the request
	 * @param rest handles the request further
	 * @return the end of the request
	 */
	Mono<Void> handle(ServerWebExchange exchange, WebHandler rest) {
		protect(exchange.getResponse());
		return answer(exchange, rest)
			.onErrorResume((error) -> error instanceof ErrorResponse && !exchange.getResponse().isCommitted(),
					(error) -> write(exchange, (ErrorResponse) error))
			.contextWrite((context) -> LocalReaders.put(context, this.local.test(exchange)));
	}

	private List<String> segments(ServerWebExchange exchange) {
		PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
		List<String> segments = new ArrayList<>();
		for (PathContainer.Element element : this.paths.extractPathWithinPattern(path).elements()) {
			if (element instanceof PathSegment segment) {
				segments.add(segment.valueToMatch());
			}
		}
		return segments;
	}

	private Mono<Void> answer(ServerWebExchange exchange, WebHandler rest) {
		if (CorsUtils.isPreFlightRequest(exchange.getRequest())) {
			return rest.handle(exchange);
		}
		HttpMethod method = exchange.getRequest().getMethod();
		List<String> path = segments(exchange);
		Set<HttpMethod> allowed = Views.allowed(path, this.drills, this.methods);
		if (allowed == null) {
			return Mono
				.error(new ResponseStatusException(HttpStatus.NOT_FOUND, Views.notFound(String.join("/", path))));
		}
		if (allowed.contains(method)) {
			return isPageCached(exchange, path) ? exchange.getResponse().setComplete() : rest.handle(exchange);
		}
		boolean options = method.equals(HttpMethod.OPTIONS);
		if (options) {
			allowed.add(method);
		}
		// Set here, as the exception omits the header if no method is allowed.
		exchange.getResponse().getHeaders().setAllow(allowed);
		return options ? exchange.getResponse().setComplete()
				: Mono.error(new MethodNotAllowedException(method, allowed));
	}

	/** Return whether the browser has the current page, and the response is 304. */
	private static boolean isPageCached(ServerWebExchange exchange, List<String> path) {
		if (!path.isEmpty() || exchange.getRequest().getHeaders().getIfNoneMatch().isEmpty()) {
			return false;
		}
		String etag = LivePage.etag();
		if (etag == null || !exchange.getRequest().getHeaders().getIfNoneMatch().contains(etag)) {
			return false;
		}
		return exchange.checkNotModified(etag);
	}

	private static Mono<Void> write(ServerWebExchange exchange, ErrorResponse error) {
		int status = error.getStatusCode().value();
		String detail = error.getBody().getDetail();
		return ServerResponse.status(status)
			.headers((headers) -> headers.putAll(error.getHeaders()))
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.bodyValue(Problem.of(status, (detail != null) ? detail : ""))
			.flatMap((response) -> response.writeTo(exchange, Writers.INSTANCE));
	}

	/** Add security headers to a response before it is sent. */
	void protect(ServerHttpResponse response) {
		response.beforeCommit(() -> Mono.fromRunnable(() -> {
			if (isPage(response)) {
				cachePage(response.getHeaders());
			}
			protect(response.getHeaders());
		}));
	}

	private static boolean isPage(ServerHttpResponse response) {
		return response.getStatusCode() == HttpStatus.NOT_MODIFIED
				|| MediaType.TEXT_HTML.isCompatibleWith(response.getHeaders().getContentType());
	}

	/** Spring Security forbids storing any response, and has set its headers before. */
	private static void cachePage(HttpHeaders headers) {
		if (!headers.containsHeader(HttpHeaders.CACHE_CONTROL)) {
			headers.setCacheControl(ProtectiveHeaders.CACHE_OF_PAGE);
			headers.setETag(LivePage.etag());
		}
	}

	/**
	 * Add security headers. Existing headers, such as those of Spring Security, are kept.
	 */
	private static void protect(HttpHeaders headers) {
		// The JSON and the page have the same URL.
		if (!headers.getVary().contains(HttpHeaders.ACCEPT)) {
			headers.add(HttpHeaders.VARY, HttpHeaders.ACCEPT);
		}
		ProtectiveHeaders.DEFAULTS.forEach((name, value) -> {
			if (!headers.containsHeader(name)) {
				headers.set(name, value);
			}
		});
	}

	/**
	 * Writers of problem details, independent of the codecs of the application. Created
	 * with the first problem, because they take longer than most of the start.
	 */
	private static final class Writers implements ServerResponse.Context {

		private static final Writers INSTANCE = new Writers();

		private final HandlerStrategies strategies = HandlerStrategies.withDefaults();

		@Override
		public List<HttpMessageWriter<?>> messageWriters() {
			return this.strategies.messageWriters();
		}

		@Override
		public List<ViewResolver> viewResolvers() {
			return List.of();
		}

	}

}
