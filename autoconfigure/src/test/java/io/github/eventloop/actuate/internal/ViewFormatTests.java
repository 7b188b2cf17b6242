package io.github.eventloop.actuate.internal;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.endpoint.ApiVersion;
import org.springframework.boot.actuate.endpoint.ProducibleOperationArgumentResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the {@link ViewFormat} that Actuator resolves for an Accept header.
 */
class ViewFormatTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			                                                                  | ACTUATOR_V3
			*/*                                                               | ACTUATOR_V3
			text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8   | ACTUATOR_V3
			application/json                                                  | JSON
			application/json, text/plain                                      | JSON
			text/plain, application/json                                      | JSON
			text/plain, application/json, application/*+json, */*             | ACTUATOR_V3
			application/vnd.spring-boot.actuator.v3+json                      | ACTUATOR_V3
			application/vnd.spring-boot.actuator.v2+json                      | ACTUATOR_V2
			application/*                                                     | ACTUATOR_V3
			text/plain                                                        | COLLAPSED_STACKS
			text/plain;charset=UTF-8                                          | COLLAPSED_STACKS
			text/markdown                                                     | MARKDOWN
			text/markdown, application/json                                   | JSON
			text/*                                                            | COLLAPSED_STACKS
			""")
	void shouldBeTextOnlyWhenJsonIsNotAccepted(@Nullable String accept, ViewFormat expected) {
		List<String> accepts = (accept != null) ? List.of(accept) : List.of();
		assertThat(new ProducibleOperationArgumentResolver(() -> accepts).resolve(ViewFormat.class))
			.isEqualTo(expected);
	}

	@Test
	void mediaTypesShouldBeThoseOfActuator() {
		assertThat(ViewFormat.ACTUATOR_V3.getProducedMimeType()).isEqualTo(ApiVersion.V3.getProducedMimeType());
		assertThat(ViewFormat.ACTUATOR_V2.getProducedMimeType()).isEqualTo(ApiVersion.V2.getProducedMimeType());
	}

}
