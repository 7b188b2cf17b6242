package io.github.eventloop.actuate.internal;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/**
 * Handler of polls: of the request for changes that each open page sends once a second.
 * Responds as the {@link EventLoopEndpointWebExtension operation} does, but directly:
 * finding the operation, binding its parameters and negotiating the content type cost
 * several times as much as a response that is encoded already.
 * <p>
 * Handles only requests exactly like those of the page, and only if all users may see the
 * same details. All others are left to the operation. Thread-safe.
 */
public final class PollHandler {

	private static final List<String> JSON = List.of(MediaType.APPLICATION_JSON_VALUE);

	private final String path;

	private final PathPattern pattern;

	private final EventLoopEndpointWebExtension endpoint;

	/**
	 * Create a handler.
	 * @param path the path of the endpoint within the application
	 * @param endpoint the endpoint
	 */
	public PollHandler(String path, EventLoopEndpointWebExtension endpoint) {
		this.path = path + "/live";
		// As for all other requests for a view.
		this.pattern = PathPatternParser.defaultInstance.parse(path + "/{*path}");
		this.endpoint = endpoint;
	}

	/**
	 * Return whether a request is a poll that can be handled here.
	 * @param exchange the request
	 * @return whether to {@link #handle} it
	 */
	boolean handles(ServerWebExchange exchange) {
		ServerHttpRequest request = exchange.getRequest();
		return request.getPath().pathWithinApplication().value().equals(this.path)
				&& request.getMethod().equals(HttpMethod.GET) && this.endpoint.respondsToPolls()
				&& isSentByPage(request.getHeaders(), request.getQueryParams());
	}

	/** The header {@code Origin} is that of a page of another site. */
	private static boolean isSentByPage(HttpHeaders headers, MultiValueMap<String, String> parameters) {
		return JSON.equals(headers.get(HttpHeaders.ACCEPT)) && !headers.containsHeader(HttpHeaders.ORIGIN)
				&& parameters.size() == 2 && isSingle(parameters.get("after")) && isSingle(parameters.get("position"));
	}

	private static boolean isSingle(@Nullable List<String> values) {
		return values != null && values.size() == 1;
	}

	/**
	 * Respond to a poll.
	 * @param exchange the request
	 * @return the end of the request
	 */
	Mono<Void> handle(ServerWebExchange exchange) {
		exchange.getAttributes().put(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, this.pattern);
		ServerRequestObservationContext.findCurrent(exchange.getAttributes())
			.ifPresent((observation) -> observation.setPathPattern(this.pattern.toString()));
		MultiValueMap<String, String> parameters = exchange.getRequest().getQueryParams();
		return Mono
			.deferContextual((context) -> this.endpoint.poll(LocalReaders.isLocal(context),
					parameters.getFirst("after"), parameters.getFirst("position")))
			.flatMap((answer) -> write(exchange.getResponse(), answer));
	}

	private static Mono<Void> write(ServerHttpResponse response, WebEndpointResponse<Object> answer) {
		byte[] body = Objects.requireNonNull((byte[]) answer.getBody());
		response.setStatusCode(HttpStatusCode.valueOf(answer.getStatus()));
		HttpHeaders headers = response.getHeaders();
		headers.set(HttpHeaders.CONTENT_TYPE, String.valueOf(answer.getContentType()));
		headers.setContentLength(body.length);
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
	}

}
