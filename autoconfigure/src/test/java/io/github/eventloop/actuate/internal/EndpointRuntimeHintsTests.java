package io.github.eventloop.actuate.internal;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.aot.AotServices;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EndpointRuntimeHints}, as they are registered for AOT processing.
 */
class EndpointRuntimeHintsTests {

	private final RuntimeHints hints = new RuntimeHints();

	@BeforeEach
	void register() {
		AotServices.factories()
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter(EndpointRuntimeHints.class::isInstance)
			.forEach((registrar) -> registrar.registerHints(this.hints, getClass().getClassLoader()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "index.html", "page.js", "vendor/d3-scale/d3-scale.min.js" })
	void nativeImageShouldHaveAllPartsOfThePage(String part) {
		assertThat(RuntimeHintsPredicates.resource().forResource("io/github/eventloop/actuate/internal/page/" + part))
			.accepts(this.hints);
	}

	@ParameterizedTest
	@ValueSource(classes = { HistoryDescriptor.class, HistoryDescriptor.Loop.class, LoopDescriptor.class,
			StallDescriptor.class, HotspotsDescriptor.class, BlockingDescriptor.class, LiveDescriptor.class,
			DrillDescriptor.class, Problem.class })
	void nativeImageShouldBeAbleToWriteResponses(Class<?> response) {
		assertThat(RuntimeHintsPredicates.reflection().onType(response)).accepts(this.hints);
	}

}
