package io.github.eventloop.web.internal;

import java.lang.reflect.Method;
import java.util.Map;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.util.pattern.PathPattern;

import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.internal.recorder.LoopRecorder;
import io.github.eventloop.monitor.internal.recorder.MonitoredThread;

/**
 * WebFlux request, described by the attributes of its exchange, one of which is the
 * context of its observation. The event loop thread only creates it. Other threads read
 * the attributes and the context of the observation on demand; both are concurrent maps.
 */
class WebFluxRequest implements ExecutingRequest {

	/**
	 * Attribute in which Spring Cloud Gateway, which has its own mapping of requests,
	 * stores the configured pattern that the path matched.
	 */
	private static final String GATEWAY_PATTERN_ATTRIBUTE = "org.springframework.cloud.gateway.support.ServerWebExchangeUtils.gatewayPredicateMatchedPathAttr";

	/**
	 * Attribute in which Spring Cloud Gateway stores the route, which need not match by
	 * path.
	 */
	private static final String GATEWAY_ROUTE_ATTRIBUTE = "org.springframework.cloud.gateway.support.ServerWebExchangeUtils.gatewayRoute";

	private static final boolean TRACING = ClassUtils
		.isPresent("io.micrometer.tracing.handler.TracingObservationHandler", WebFluxRequest.class.getClassLoader());

	private static final Log logger = LogFactory.getLog(WebFluxRequest.class);

	/**
	 * The request that the exchange was created for, which knows its attributes from then
	 * on. Not volatile, to spare each request a memory fence: written by the event loop
	 * thread only, before the exchange is created. Another thread that reads an earlier
	 * value, or that reads before there is an exchange, finds no attributes.
	 */
	private ServerHttpRequest request;

	WebFluxRequest(ServerHttpRequest request) {
		this.request = request;
	}

	/**
	 * Record that a request is replaced by another one before its exchange is created.
	 * Has no effect if it is not this request.
	 */
	final void replace(ServerHttpRequest request, ServerHttpRequest replacement) {
		if (this.request == request) {
			this.request = replacement;
		}
	}

	/**
	 * Run code of this request. If the current thread is an event loop thread, the loop
	 * is marked as executing this request.
	 * @param code the code
	 */
	final void run(Runnable code) {
		if (Thread.currentThread() instanceof MonitoredThread thread) {
			LoopRecorder recorder = thread.recorder();
			ExecutingRequest before = recorder.execute(this);
			try {
				code.run();
			}
			finally {
				recorder.execute(before);
			}
		}
		else {
			code.run();
		}
	}

	@Override
	public final @Nullable String route() {
		Map<String, Object> attributes = this.request.getAttributes();
		if (attributes.get(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE) instanceof PathPattern pattern) {
			return pattern.getPatternString();
		}
		String id = gatewayRouteId(attributes);
		String route = (id != null) ? "gateway route " + id : null;
		if (attributes.get(GATEWAY_PATTERN_ATTRIBUTE) instanceof String pattern) {
			return (route != null) ? pattern + " (" + route + ")" : pattern;
		}
		return route;
	}

	/** Like a pattern, the id of a route is configured: clients cannot choose it. */
	private static @Nullable String gatewayRouteId(Map<String, Object> attributes) {
		Object route = attributes.get(GATEWAY_ROUTE_ATTRIBUTE);
		Method getId = (route != null) ? ReflectionUtils.findMethod(route.getClass(), "getId") : null;
		return (getId != null && ReflectionUtils.invokeMethod(getId, route) instanceof String id) ? id : null;
	}

	@Override
	public final @Nullable String traceId() {
		return TRACING ? Tracing.traceId(this.request.getAttributes()) : null;
	}

	@Override
	public final void stalled(String description) {
		if (!TRACING) {
			return;
		}
		try {
			Tracing.event(this.request.getAttributes(), "eventloop.stall: " + description);
		}
		catch (Throwable ex) {
			// The tracer is the application's: its failure must not stop monitoring.
			logger.debug("Could not add a stall to the request's trace", ex);
		}
	}

	/**
	 * Access to Micrometer Tracing, loaded only if it is present.
	 * <p>
	 * Events are added to the span itself, not to the observation: Micrometer counts the
	 * events of an observation in an additional meter with the current tags of the
	 * observation, where {@code uri} would be {@code UNKNOWN} if the request has not been
	 * mapped yet.
	 */
	private static final class Tracing {

		static void event(Map<String, Object> attributes, String event) {
			Span span = span(attributes);
			if (span != null) {
				span.event(event);
			}
		}

		static @Nullable String traceId(Map<String, Object> attributes) {
			Span span = span(attributes);
			// The trace id of a no-op span is empty.
			return (span != null && !span.context().traceId().isEmpty()) ? span.context().traceId() : null;
		}

		private static @Nullable Span span(Map<String, Object> attributes) {
			return ServerRequestObservationContext.findCurrent(attributes)
				.map((context) -> context.<TracingContext>get(TracingContext.class))
				.map(TracingContext::getSpan)
				.orElse(null);
		}

	}

}
