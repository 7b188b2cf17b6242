package io.github.eventloop.actuate.internal;

import java.lang.reflect.Method;
import java.util.Collection;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.web.EndpointLinksResolver;
import org.springframework.boot.actuate.endpoint.web.EndpointMapping;
import org.springframework.boot.actuate.endpoint.web.EndpointMediaTypes;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.webflux.actuate.endpoint.web.WebFluxEndpointHandlerMapping;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import org.springframework.web.util.pattern.PathPattern;
import reactor.core.publisher.Mono;

/**
 * Handler mapping of Actuator that compares the path of a request with the base path of
 * the endpoints first.
 * <p>
 * Actuator's mapping precedes all others, so it is asked about every request of the
 * application. It compares each of them with every operation of every endpoint: with the
 * method, the content type and the accepted types, and only then with the path, and
 * afterwards with all paths again, to find out whether the response is an error. A
 * request outside of the base path matches none of them, regardless of the rest of it.
 * <p>
 * Since this mapping has recognized the requests to the {@link EventLoopEndpoint} anyway,
 * it also hands them to {@link EndpointRequests}. A filter for these would cost all other
 * requests more than the comparison with the base path.
 * <p>
 * Thread-safe once initialized, as the mapping that it extends.
 */
public final class EndpointHandlerMapping extends WebFluxEndpointHandlerMapping {

	/** Attribute of a request that {@link EndpointRequests} has handed back. */
	private static final String HANDED_BACK = EndpointHandlerMapping.class.getName() + ".HANDED_BACK";

	private final @Nullable EndpointRequests requests;

	private final @Nullable PollHandler polls;

	private final ObjectProvider<WebHandler> dispatcher;

	private final String basePath;

	/** Matches the base path and all paths below it, or {@code null} if it is empty. */
	private final @Nullable PathPattern endpoints;

	/**
	 * Whether all mappings are below the base path. Volatile: mappings may be registered
	 * at any time.
	 */
	private volatile boolean belowBasePath = true;

	/**
	 * Create a mapping.
	 * @param mapping the base path of the endpoints
	 * @param endpoints the endpoints
	 * @param mediaTypes the media types that they consume and produce
	 * @param cors the CORS configuration of the endpoints, or {@code null} if there is
	 * none
	 * @param links resolves the links to the endpoints
	 * @param hasLinks whether there are links at the base path
	 * @param requests the requests to the event loop endpoint, or {@code null} if it is
	 * not available
	 * @param polls the handler of polls, or {@code null} if the endpoint is not available
	 * @param dispatcher the dispatcher that uses this mapping
	 */
	public EndpointHandlerMapping(EndpointMapping mapping, Collection<ExposableWebEndpoint> endpoints,
			EndpointMediaTypes mediaTypes, @Nullable CorsConfiguration cors, EndpointLinksResolver links,
			boolean hasLinks, @Nullable EndpointRequests requests, @Nullable PollHandler polls,
			ObjectProvider<WebHandler> dispatcher) {
		super(mapping, endpoints, mediaTypes, cors, links, hasLinks);
		this.requests = requests;
		this.polls = polls;
		this.dispatcher = dispatcher;
		this.basePath = mapping.getPath();
		this.endpoints = this.basePath.isEmpty() ? null : getPathPatternParser().parse(this.basePath + "/**");
	}

	@Override
	public void registerMapping(RequestMappingInfo mapping, Object handler, Method method) {
		if (!isBelowBasePath(mapping)) {
			// Before it can be looked up, and for good.
			this.belowBasePath = false;
		}
		super.registerMapping(mapping, handler, method);
	}

	private boolean isBelowBasePath(RequestMappingInfo mapping) {
		for (PathPattern pattern : mapping.getPatternsCondition().getPatterns()) {
			String path = pattern.getPatternString();
			if (!path.equals(this.basePath) && !path.startsWith(this.basePath + "/")) {
				return false;
			}
		}
		return true;
	}

	@Override
	public Mono<Object> getHandler(ServerWebExchange exchange) {
		if (this.endpoints != null && this.belowBasePath
				&& !this.endpoints.matches(exchange.getRequest().getPath().pathWithinApplication())) {
			// As the mapping that this one extends does first.
			exchange.getAttributes().remove(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE);
			return Mono.empty();
		}
		if (this.requests != null && this.requests.include(exchange)
				&& exchange.getAttributes().remove(HANDED_BACK) == null) {
			return handTo(this.requests, exchange);
		}
		return super.getHandler(exchange);
	}

	private Mono<Object> handTo(EndpointRequests requests, ServerWebExchange exchange) {
		if (CorsUtils.isPreFlightRequest(exchange.getRequest())) {
			// The search for the handler is what responds to it.
			requests.protect(exchange.getResponse());
			return super.getHandler(exchange);
		}
		WebHandler handler = (same) -> requests.handle(same, this::dispatchAgain);
		return Mono.just(handler);
	}

	private Mono<Void> dispatchAgain(ServerWebExchange exchange) {
		if (this.polls != null && this.polls.handles(exchange)) {
			return this.polls.handle(exchange);
		}
		exchange.getAttributes().put(HANDED_BACK, true);
		return this.dispatcher.getObject().handle(exchange);
	}

}
