package io.github.eventloop.actuate.internal;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.Link;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.reactive.HandlerResultHandler;
import org.springframework.web.reactive.result.method.annotation.ResponseBodyResultHandler;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * {@link HandlerResultHandler} that adds the views of the {@link EventLoopEndpoint} to
 * the links that Actuator returns at its base path. Actuator itself has a link for each
 * operation, and the path patterns of the endpoint's operations do not contain the names
 * of the views.
 */
public final class EventLoopEndpointLinks implements HandlerResultHandler, Ordered {

	private static final String LINKS = "_links";

	private static final String ENDPOINT = "eventloop";

	private final boolean drills;

	private final boolean captures;

	/**
	 * Create a handler.
	 * @param drills whether drills are allowed
	 * @param captures whether captures are written
	 */
	public EventLoopEndpointLinks(boolean drills, boolean captures) {
		this.drills = drills;
		this.captures = captures;
	}

	/** Before the handler that this handler delegates to. */
	@Override
	public int getOrder() {
		return 0;
	}

	@Override
	public boolean supports(HandlerResult result) {
		return result.getReturnValue() instanceof OperationResponseBody
				&& result.getReturnValue() instanceof Map<?, ?> body && body.get(LINKS) instanceof Map<?, ?> links
				&& links.get(ENDPOINT) instanceof Link;
	}

	@Override
	public Mono<Void> handleResult(ServerWebExchange exchange, HandlerResult result) {
		if (!(result.getReturnValue() instanceof Map<?, ?> body) || !(body.get(LINKS) instanceof Map<?, ?> links)) {
			return Mono.error(new IllegalArgumentException("No links: " + result));
		}
		HandlerResult withViews = new HandlerResult(result.getHandler(),
				OperationResponseBody.of(Map.of(LINKS, withViews(links))), result.getReturnTypeSource(),
				result.getBindingContext());
		return writer(exchange).handleResult(exchange, withViews);
	}

	private static ResponseBodyResultHandler writer(ServerWebExchange exchange) {
		ApplicationContext context = exchange.getApplicationContext();
		if (context == null) {
			throw new IllegalStateException("No application context");
		}
		return context.getBean(ResponseBodyResultHandler.class);
	}

	private Map<String, Link> withViews(Map<?, ?> links) {
		Map<String, Link> all = new LinkedHashMap<>();
		links.forEach((name, link) -> {
			if (name.equals(ENDPOINT)) {
				all.put(ENDPOINT, (Link) link);
				addViews(((Link) link).getHref(), all);
			}
			else if (!String.valueOf(name).startsWith(ENDPOINT + "-")) {
				all.put(String.valueOf(name), (Link) link);
			}
		});
		return all;
	}

	private void addViews(String endpoint, Map<String, Link> links) {
		Views.READABLE.stream()
			.filter((view) -> this.captures || !view.startsWith(Views.CAPTURES))
			.forEach((view) -> add(view, endpoint, links));
		if (this.drills) {
			add(Views.DRILL, endpoint, links);
		}
	}

	/** Named as Actuator names the operations of its own endpoints. */
	private static void add(String view, String endpoint, Map<String, Link> links) {
		String name = view.replace('/', '-').replace("{", "").replace("}", "");
		links.put(ENDPOINT + "-" + name, new Link(endpoint + "/" + view));
	}

}
