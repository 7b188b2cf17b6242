package io.github.eventloop.web.internal;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.junit.jupiter.api.Test;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.util.context.Context;

import io.github.eventloop.monitor.ExecutingRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link WebFluxRequest}.
 */
class WebFluxRequestTests {

	private final Map<String, Object> attributes = new ConcurrentHashMap<>();

	@Test
	void routeShouldBeReadOnDemand() {
		ExecutingRequest request = new WebFluxRequest(this.attributes, Context.empty());
		assertThat(request.route()).isNull();
		this.attributes.put(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE,
				PathPatternParser.defaultInstance.parse("/orders/{id}"));
		assertThat(request.route()).isEqualTo("/orders/{id}");
	}

	@Test
	void whenMappedByGatewayShouldReturnConfiguredPattern() {
		this.attributes.put(
				"org.springframework.cloud.gateway.support.ServerWebExchangeUtils.gatewayPredicateMatchedPathAttr",
				"/shop/**");
		assertThat(new WebFluxRequest(this.attributes, Context.empty()).route()).isEqualTo("/shop/**");
	}

	@Test
	void whenMappedByGatewayWithoutPathShouldReturnRouteId() {
		this.attributes.put("org.springframework.cloud.gateway.support.ServerWebExchangeUtils.gatewayRoute",
				new GatewayRoute("by-host"));
		assertThat(new WebFluxRequest(this.attributes, Context.empty()).route()).isEqualTo("by-host");
		this.attributes.put(
				"org.springframework.cloud.gateway.support.ServerWebExchangeUtils.gatewayPredicateMatchedPathAttr",
				"/shop/**");
		assertThat(new WebFluxRequest(this.attributes, Context.empty()).route()).isEqualTo("/shop/**");
	}

	@Test
	void whenGatewayAttributeIsNoRouteShouldReturnNull() {
		this.attributes.put("org.springframework.cloud.gateway.support.ServerWebExchangeUtils.gatewayRoute", "by-host");
		assertThat(new WebFluxRequest(this.attributes, Context.empty()).route()).isNull();
	}

	@Test
	void whenThereIsNoObservationShouldHaveNoTrace() {
		assertNoTrace(Context.empty());
		assertNoTrace(Context.of("micrometer.observation", Observation.NOOP));
		assertNoTrace(Context.of("micrometer.observation", "something else"));
		assertNoTrace(
				Context.of("micrometer.observation", Observation.start("untraced", observations(new ArrayList<>()))));
	}

	@Test
	void stalledShouldAddEventToSpanOnly() {
		List<Observation.Event> observed = new ArrayList<>();
		List<EventData> events = new ArrayList<>();
		SdkTracerProvider provider = SdkTracerProvider.builder()
			.addSpanProcessor(SimpleSpanProcessor.create(new Exporter(events)))
			.build();
		Span span = new OtelTracer(provider.get("test"), new OtelCurrentTraceContext(), (event) -> {
		}).nextSpan().start();
		traced(span, observed).stalled("Orders.list sleeps");
		span.end();
		assertThat(events).extracting(EventData::getName).containsExactly("eventloop.stall: Orders.list sleeps");
		assertThat(observed).isEmpty();
	}

	/** An event of the observation would be counted in a meter of its own. */
	@Test
	void stalledShouldRegisterNoMeter() {
		MeterRegistry meters = new SimpleMeterRegistry();
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
		Observation observation = Observation.start("http.server.requests", registry);
		observation.event(Observation.Event.of("other"));
		new WebFluxRequest(this.attributes, Context.of("micrometer.observation", observation))
			.stalled("Orders.list sleeps");
		assertThat(meters.find("http.server.requests.other").counter()).isNotNull();
		assertThat(meters.getMeters()).noneMatch((meter) -> meter.getId().getName().contains("stall"));
	}

	@Test
	void whenTracerThrowsStalledShouldNotThrow() {
		Span broken = (Span) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Span.class },
				(proxy, method, arguments) -> {
					throw new AssertionError("a tracer of the application");
				});
		assertThatNoException().isThrownBy(() -> traced(broken, new ArrayList<>()).stalled("Orders.list sleeps"));
	}

	private WebFluxRequest traced(Span span, List<Observation.Event> observed) {
		Observation observation = Observation.start("request", observations(observed));
		TracingContext context = new TracingContext();
		context.setSpan(span);
		observation.getContext().put(TracingContext.class, context);
		return new WebFluxRequest(this.attributes, Context.of("micrometer.observation", observation));
	}

	private void assertNoTrace(Context context) {
		ExecutingRequest request = new WebFluxRequest(this.attributes, context);
		assertThat(request.traceId()).isNull();
		assertThatNoException().isThrownBy(() -> request.stalled("Orders.list sleeps"));
	}

	private static ObservationRegistry observations(List<Observation.Event> events) {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

			@Override
			public void onEvent(Observation.Event event, Observation.Context context) {
				events.add(event);
			}

		});
		return registry;
	}

	/**
	 * Collects the events of ended spans.
	 */
	private record Exporter(List<EventData> events) implements SpanExporter {

		@Override
		public CompletableResultCode export(Collection<SpanData> spans) {
			spans.forEach((span) -> this.events.addAll(span.getEvents()));
			return CompletableResultCode.ofSuccess();
		}

		@Override
		public CompletableResultCode flush() {
			return CompletableResultCode.ofSuccess();
		}

		@Override
		public CompletableResultCode shutdown() {
			return CompletableResultCode.ofSuccess();
		}

	}

	/** Has the id of a route like that of Spring Cloud Gateway. */
	public static final class GatewayRoute {

		private final String id;

		GatewayRoute(String id) {
			this.id = id;
		}

		public String getId() {
			return this.id;
		}

	}

}
