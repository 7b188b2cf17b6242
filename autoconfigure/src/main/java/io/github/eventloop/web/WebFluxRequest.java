package io.github.eventloop.web;

import java.lang.reflect.Method;
import java.util.Map;

import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.util.pattern.PathPattern;
import reactor.util.context.ContextView;

import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.LoopRecorder;
import io.github.eventloop.monitor.MonitoredThread;

/**
 * A request as the exchange's attributes and the Reactor context tell of it. The loop
 * only makes it; whoever asks reads the attributes and the observation's context, which
 * are both concurrent maps, at that time.
 */
class WebFluxRequest implements ExecutingRequest {

	/**
	 * Where Spring Cloud Gateway, which maps requests in its own way, leaves the
	 * configured pattern that the path matched.
	 */
	private static final String GATEWAY_PATTERN_ATTRIBUTE = "org.springframework.cloud.gateway.support.ServerWebExchangeUtils.gatewayPredicateMatchedPathAttr";

	/**
	 * Where it leaves the route itself, which may match by other things than the path.
	 */
	private static final String GATEWAY_ROUTE_ATTRIBUTE = "org.springframework.cloud.gateway.support.ServerWebExchangeUtils.gatewayRoute";

	private static final boolean TRACING = ClassUtils
		.isPresent("io.micrometer.tracing.handler.TracingObservationHandler", WebFluxRequest.class.getClassLoader());

	private static final Log logger = LogFactory.getLog(WebFluxRequest.class);

	private final Map<String, Object> attributes;

	private final @Nullable Observation observation;

	WebFluxRequest(Map<String, Object> attributes, ContextView context) {
		this.attributes = attributes;
		Object value = context.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
		this.observation = (value instanceof Observation found) ? found : null;
	}

	/**
	 * Run code of this request, noted as such if the current thread is that of a loop.
	 * @param code the code
	 */
	final void run(Runnable code) {
		if (Thread.currentThread() instanceof MonitoredThread thread) {
			LoopRecorder recorder = thread.loop().recorder();
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
		if (this.attributes.get(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE) instanceof PathPattern pattern) {
			return pattern.getPatternString();
		}
		return (this.attributes.get(GATEWAY_PATTERN_ATTRIBUTE) instanceof String pattern) ? pattern : gatewayRouteId();
	}

	/** The id of a route is configured, as a pattern is: no client can choose it. */
	private @Nullable String gatewayRouteId() {
		Object route = this.attributes.get(GATEWAY_ROUTE_ATTRIBUTE);
		Method getId = (route != null) ? ReflectionUtils.findMethod(route.getClass(), "getId") : null;
		return (getId != null && ReflectionUtils.invokeMethod(getId, route) instanceof String id) ? id : null;
	}

	@Override
	public final @Nullable String traceId() {
		return (TRACING && this.observation != null) ? Tracing.traceId(this.observation) : null;
	}

	@Override
	public final void stalled(String description) {
		if (!TRACING || this.observation == null) {
			return;
		}
		try {
			Tracing.event(this.observation, "eventloop.stall: " + description);
		}
		catch (Throwable ex) {
			// The tracer is the application's: it must not end the watching.
			logger.debug("Could not add a stall to the request's trace", ex);
		}
	}

	/**
	 * Loaded where Micrometer Tracing is.
	 * <p>
	 * Events are added to the span itself. Micrometer counts events of an observation in
	 * a meter of their own, with the tags that the observation has by then: for a request
	 * whose route is not known yet, {@code uri} would be {@code UNKNOWN}.
	 */
	private static final class Tracing {

		static void event(Observation observation, String event) {
			Span span = span(observation);
			if (span != null) {
				span.event(event);
			}
		}

		static @Nullable String traceId(Observation observation) {
			Span span = span(observation);
			// That of a span that does nothing is empty.
			return (span != null && !span.context().traceId().isEmpty()) ? span.context().traceId() : null;
		}

		private static @Nullable Span span(Observation observation) {
			TracingContext context = observation.getContextView().get(TracingContext.class);
			return (context != null) ? context.getSpan() : null;
		}

	}

}
