package io.github.eventloop.actuate.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
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
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * {@link WebFilter} for requests to the {@link EventLoopEndpoint} that does what the
 * operations of an endpoint cannot: it adds security headers to each response, restricts
 * the methods of each path, renders errors of Spring itself as problem details, and
 * determines whether a request was made on a developer's own machine.
 */
public final class EventLoopEndpointWebFilter implements WebFilter, Ordered {

	/** Key of a {@link Boolean} in the context of a request. */
	private static final String LOCAL = EventLoopEndpointWebFilter.class.getName() + ".LOCAL";

	private static final Writers WRITERS = new Writers();

	private final Predicate<ServerWebExchange> port;

	private final PathPattern paths;

	private final Set<HttpMethod> methods;

	private final boolean drills;

	private final Predicate<ServerWebExchange> local;

	/**
	 * Create a filter.
	 * @param port whether a request arrived on the port of the endpoint
	 * @param path the path of the endpoint within the application
	 * @param methods the methods of the endpoint's operations
	 * @param drills whether drills are allowed
	 * @param local whether a request was made on a developer's own machine
	 */
	public EventLoopEndpointWebFilter(Predicate<ServerWebExchange> port, String path, Set<HttpMethod> methods,
			boolean drills, Predicate<ServerWebExchange> local) {
		this.port = port;
		this.paths = PathPatternParser.defaultInstance.parse(path + "/**");
		this.methods = Set.copyOf(methods);
		this.drills = drills;
		this.local = local;
	}

	/** After Spring Security, whose headers take precedence. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE - 100;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
		if (!this.paths.matches(path) || !this.port.test(exchange)) {
			return chain.filter(exchange);
		}
		ServerHttpResponse response = exchange.getResponse();
		response.beforeCommit(() -> Mono.fromRunnable(() -> protect(response.getHeaders())));
		return answer(exchange, chain, segments(this.paths.extractPathWithinPattern(path)))
			.onErrorResume((error) -> error instanceof ErrorResponse && !response.isCommitted(),
					(error) -> write(exchange, (ErrorResponse) error))
			.contextWrite((context) -> context.put(LOCAL, this.local.test(exchange)));
	}

	static boolean isLocal(ContextView request) {
		return request.getOrEmpty(LOCAL).filter(Boolean.TRUE::equals).isPresent();
	}

	private static List<String> segments(PathContainer path) {
		List<String> segments = new ArrayList<>();
		for (PathContainer.Element element : path.elements()) {
			if (element instanceof PathSegment segment) {
				segments.add(segment.valueToMatch());
			}
		}
		return segments;
	}

	private Mono<Void> answer(ServerWebExchange exchange, WebFilterChain chain, List<String> path) {
		HttpMethod method = exchange.getRequest().getMethod();
		if (CorsUtils.isPreFlightRequest(exchange.getRequest())) {
			return chain.filter(exchange);
		}
		Set<HttpMethod> allowed = allowed(path);
		if (allowed == null) {
			return Mono
				.error(new ResponseStatusException(HttpStatus.NOT_FOUND, Views.notFound(String.join("/", path))));
		}
		if (allowed.contains(method)) {
			return chain.filter(exchange);
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

	private @Nullable Set<HttpMethod> allowed(List<String> path) {
		Set<HttpMethod> methods = Views.methods(path, this.drills);
		if (methods == null) {
			return null;
		}
		Set<HttpMethod> allowed = methods.stream()
			.filter(this.methods::contains)
			.collect(Collectors.toCollection(TreeSet::new));
		if (allowed.contains(HttpMethod.GET)) {
			allowed.add(HttpMethod.HEAD);
		}
		return allowed;
	}

	private static Mono<Void> write(ServerWebExchange exchange, ErrorResponse error) {
		int status = error.getStatusCode().value();
		String detail = error.getBody().getDetail();
		return ServerResponse.status(status)
			.headers((headers) -> headers.putAll(error.getHeaders()))
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.bodyValue(Problem.of(status, (detail != null) ? detail : ""))
			.flatMap((response) -> response.writeTo(exchange, WRITERS));
	}

	/**
	 * Add security headers. Existing headers, such as those of Spring Security, are kept.
	 */
	private static void protect(HttpHeaders headers) {
		// The JSON and the page have the same URL.
		if (!headers.getVary().contains(HttpHeaders.ACCEPT)) {
			headers.add(HttpHeaders.VARY, HttpHeaders.ACCEPT);
		}
		setIfAbsent(headers, HttpHeaders.CACHE_CONTROL, "no-store");
		setIfAbsent(headers, "X-Content-Type-Options", "nosniff");
		setIfAbsent(headers, "X-Frame-Options", "DENY");
		setIfAbsent(headers, "Content-Security-Policy", "frame-ancestors 'none'");
	}

	private static void setIfAbsent(HttpHeaders headers, String name, String value) {
		if (!headers.containsHeader(name)) {
			headers.set(name, value);
		}
	}

	/**
	 * Writers of problem details, independent of the codecs of the application.
	 */
	private static final class Writers implements ServerResponse.Context {

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
