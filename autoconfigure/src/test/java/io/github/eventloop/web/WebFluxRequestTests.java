package io.github.eventloop.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
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
	void routeShouldBeWhatIsKnownByNow() {
		ExecutingRequest request = new WebFluxRequest(this.attributes, Context.empty());
		assertThat(request.route()).isNull();
		this.attributes.put(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE,
				PathPatternParser.defaultInstance.parse("/orders/{id}"));
		assertThat(request.route()).isEqualTo("/orders/{id}");
	}

	@Test
	void whenMappedByGatewayRouteShouldBeTheConfiguredPattern() {
		this.attributes.put(
				"org.springframework.cloud.gateway.support.ServerWebExchangeUtils.gatewayPredicateMatchedPathAttr",
				"/shop/**");
		assertThat(new WebFluxRequest(this.attributes, Context.empty()).route()).isEqualTo("/shop/**");
	}

	@Test
	void whenThereIsNoObservationShouldKnowNoTrace() {
		assertThatNoTraceIsKnown(Context.empty());
		assertThatNoTraceIsKnown(Context.of("micrometer.observation", Observation.NOOP));
		assertThatNoTraceIsKnown(Context.of("micrometer.observation", "something else"));
		assertThatNoTraceIsKnown(
				Context.of("micrometer.observation", Observation.start("untraced", observations(new ArrayList<>()))));
	}

	@Test
	void stalledShouldBeAnEventOfTheObservation() {
		List<Observation.Event> events = new ArrayList<>();
		Observation observation = Observation.start("request", observations(events));
		new WebFluxRequest(this.attributes, Context.of("micrometer.observation", observation))
			.stalled("Orders.list sleeps");
		assertThat(events).singleElement().satisfies((event) -> {
			assertThat(event.getName()).isEqualTo("eventloop.stall");
			assertThat(event.getContextualName()).isEqualTo("eventloop.stall: Orders.list sleeps");
		});
	}

	@Test
	void whenHandlerOfObservationsThrowsStalledShouldNot() {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

			@Override
			public void onEvent(Observation.Event event, Observation.Context context) {
				throw new AssertionError("a handler of the application");
			}

		});
		Observation observation = Observation.start("request", registry);
		assertThatNoException()
			.isThrownBy(() -> new WebFluxRequest(this.attributes, Context.of("micrometer.observation", observation))
				.stalled("Orders.list sleeps"));
	}

	private void assertThatNoTraceIsKnown(Context context) {
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

}
