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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.util.pattern.PathPatternParser;

import io.github.eventloop.monitor.ExecutingRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link WebFluxRequest}.
 */
class WebFluxRequestTests {

	private final Map<String, Object> attributes = new ConcurrentHashMap<>();

	private final MockServerHttpRequest original = MockServerHttpRequest.get("/orders/7").build();

	private final WebFluxRequest request = new WebFluxRequest(this.original);

	@BeforeEach
	void createExchange() {
		this.original.setAttributesSupplier(() -> this.attributes);
	}

	@Test
	void routeShouldBeReadOnDemand() {
		assertThat(this.request.route()).isNull();
		this.attributes.put(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE,
				PathPatternParser.defaultInstance.parse("/orders/{id}"));
		assertThat(this.request.route()).isEqualTo("/orders/{id}");
	}

	@Test
	void whenMappedByGatewayShouldReturnConfiguredPattern() {
		this.attributes.put(
				"org.springframework.cloud.gateway.support.ServerWebExchangeUtils.gatewayPredicateMatchedPathAttr",
				"/shop/**");
		assertThat(this.request.route()).isEqualTo("/shop/**");
	}

	@Test
	void whenMappedByGatewayShouldReturnRouteId() {
		this.attributes.put("org.springframework.cloud.gateway.support.ServerWebExchangeUtils.gatewayRoute",
				new GatewayRoute("by-host"));
		assertThat(this.request.route()).isEqualTo("gateway route by-host");
		this.attributes.put(
				"org.springframework.cloud.gateway.support.ServerWebExchangeUtils.gatewayPredicateMatchedPathAttr",
				"/shop/**");
		assertThat(this.request.route()).isEqualTo("/shop/** (gateway route by-host)");
	}

	@Test
	void whenGatewayAttributeIsNoRouteShouldReturnNull() {
		this.attributes.put("org.springframework.cloud.gateway.support.ServerWebExchangeUtils.gatewayRoute", "by-host");
		assertThat(this.request.route()).isNull();
	}

	@Test
	void whenThereIsNoExchangeShouldHaveNeitherRouteNorTrace() {
		ExecutingRequest request = new WebFluxRequest(MockServerHttpRequest.get("/orders/7").build());
		assertThat(request.route()).isNull();
		assertThat(request.traceId()).isNull();
		assertThatNoException().isThrownBy(() -> request.stalled("Orders.list sleeps"));
	}

	@Test
	void whenThereIsNoSpanShouldHaveNoTrace() {
		assertNoTrace();
		this.attributes.put(ServerRequestObservationContext.CURRENT_OBSERVATION_CONTEXT_ATTRIBUTE, context());
		assertNoTrace();
	}

	@Test
	void stalledShouldAddEventToSpan() {
		List<EventData> events = new ArrayList<>();
		SdkTracerProvider provider = SdkTracerProvider.builder()
			.addSpanProcessor(SimpleSpanProcessor.create(new Exporter(events)))
			.build();
		Span span = new OtelTracer(provider.get("test"), new OtelCurrentTraceContext(), (event) -> {
		}).nextSpan().start();
		traced(span).stalled("Orders.list sleeps");
		span.end();
		assertThat(events).extracting(EventData::getName).containsExactly("eventloop.stall: Orders.list sleeps");
	}

	/** An event of the observation would be counted in a meter of its own. */
	@Test
	void stalledShouldRegisterNoMeter() {
		MeterRegistry meters = new SimpleMeterRegistry();
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
		ServerRequestObservationContext context = context();
		Observation observation = Observation.start("http.server.requests", () -> context, registry);
		observation.event(Observation.Event.of("other"));
		this.attributes.put(ServerRequestObservationContext.CURRENT_OBSERVATION_CONTEXT_ATTRIBUTE, context);
		this.request.stalled("Orders.list sleeps");
		assertThat(meters.find("http.server.requests.other").counter()).isNotNull();
		assertThat(meters.getMeters()).noneMatch((meter) -> meter.getId().getName().contains("stall"));
	}

	@Test
	void whenTracerThrowsStalledShouldNotThrow() {
		Span broken = (Span) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Span.class },
				(proxy, method, arguments) -> {
					throw new AssertionError("a tracer of the application");
				});
		assertThatNoException().isThrownBy(() -> traced(broken).stalled("Orders.list sleeps"));
	}

	private WebFluxRequest traced(Span span) {
		TracingContext tracing = new TracingContext();
		tracing.setSpan(span);
		ServerRequestObservationContext context = context();
		context.put(TracingContext.class, tracing);
		this.attributes.put(ServerRequestObservationContext.CURRENT_OBSERVATION_CONTEXT_ATTRIBUTE, context);
		return this.request;
	}

	private ServerRequestObservationContext context() {
		return new ServerRequestObservationContext(this.original, new MockServerHttpResponse(), this.attributes);
	}

	private void assertNoTrace() {
		assertThat(this.request.traceId()).isNull();
		assertThatNoException().isThrownBy(() -> this.request.stalled("Orders.list sleeps"));
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
