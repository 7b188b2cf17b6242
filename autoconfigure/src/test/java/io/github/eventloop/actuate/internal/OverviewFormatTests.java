package io.github.eventloop.actuate.internal;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.endpoint.ProducibleOperationArgumentResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the {@link OverviewFormat} that Actuator resolves for an Accept header.
 */
class OverviewFormatTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			                                                                  | ACTUATOR_V3
			*/*                                                               | ACTUATOR_V3
			text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8   | PAGE
			text/html                                                         | PAGE
			application/json                                                  | JSON
			application/json, text/plain, */*                                 | ACTUATOR_V3
			application/vnd.spring-boot.actuator.v3+json                      | ACTUATOR_V3
			application/vnd.spring-boot.actuator.v2+json                      | ACTUATOR_V2
			text/html, image/gif, image/jpeg, */*; q=0.2                      | PAGE
			application/*                                                     | ACTUATOR_V3
			""")
	void shouldBeThePageForBrowsersOnly(@Nullable String accept, OverviewFormat expected) {
		List<String> accepts = (accept != null) ? List.of(accept) : List.of();
		assertThat(new ProducibleOperationArgumentResolver(() -> accepts).resolve(OverviewFormat.class))
			.isEqualTo(expected);
	}

}
