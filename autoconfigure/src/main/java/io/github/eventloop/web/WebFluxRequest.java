package io.github.eventloop.web;

import java.util.Map;

import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
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
	 * The name of the event in a trace and, with that of the observation before it, of
	 * the counter that Micrometer makes of events.
	 */
	private static final String STALL = "eventloop.stall";

	/**
	 * Where Spring Cloud Gateway, which maps requests in its own way, leaves the
	 * configured pattern that the path matched.
	 */
	private static final String GATEWAY_PATTERN_ATTRIBUTE = "org.springframework.cloud.gateway.support.ServerWebExchangeUtils.gatewayPredicateMatchedPathAttr";

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
		return (this.attributes.get(GATEWAY_PATTERN_ATTRIBUTE) instanceof String pattern) ? pattern : null;
	}

	@Override
	public final @Nullable String traceId() {
		return (TRACING && this.observation != null) ? Tracing.traceId(this.observation) : null;
	}

	@Override
	public final void stalled(String description) {
		if (this.observation == null || this.observation.isNoop()) {
			return;
		}
		try {
			// Tracers show the second name only.
			this.observation.event(Observation.Event.of(STALL, STALL + ": " + description));
		}
		catch (Throwable ex) {
			// Handlers are the application's: none of them may end the watching.
			logger.debug("Could not note a stall in the request's trace", ex);
		}
	}

	/**
	 * Loaded where Micrometer Tracing is.
	 */
	private static final class Tracing {

		static @Nullable String traceId(Observation observation) {
			TracingContext context = observation.getContextView().get(TracingContext.class);
			Span span = (context != null) ? context.getSpan() : null;
			// That of a span that does nothing is empty.
			return (span != null && !span.context().traceId().isEmpty()) ? span.context().traceId() : null;
		}

	}

}
