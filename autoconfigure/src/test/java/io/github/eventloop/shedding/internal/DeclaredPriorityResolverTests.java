package io.github.eventloop.shedding.internal;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

import io.github.eventloop.monitor.InvalidSettingException;
import io.github.eventloop.shedding.RequestPriority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DeclaredPriorityResolver}.
 */
class DeclaredPriorityResolverTests {

	private final DeclaredPriorityResolver resolver = new DeclaredPriorityResolver("X-Priority",
			patterns("/reports/**", "/both"), patterns("/checkout/**", "/both"));

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			/             | -      | NORMAL
			/reports/7    | -      | LOW
			/checkout     | -      | HIGH
			/both         | -      | LOW
			/             | low    | LOW
			/             | HIGH   | HIGH
			/             | Normal | NORMAL
			/             | urgent | NORMAL
			/             | ''     | NORMAL
			/checkout     | urgent | HIGH
			/checkout     | normal | NORMAL
			/checkout     | low    | LOW
			/reports/7    | high   | LOW
			""")
	void lowestDeclaredPriorityShouldWin(String path, @Nullable String header, RequestPriority expected) {
		assertThat(priorityOf(path, (header != null) ? List.of(header) : List.of())).isEqualTo(expected);
	}

	@Test
	void whenHeaderHasSeveralValuesShouldUseTheLowest() {
		assertThat(priorityOf("/", List.of("high", "nonsense", "low"))).isEqualTo(RequestPriority.LOW);
		assertThat(priorityOf("/", List.of("high, low"))).isEqualTo(RequestPriority.NORMAL);
	}

	@Test
	void whenNoHeaderIsConfiguredShouldIgnoreHeaders() {
		DeclaredPriorityResolver withoutHeader = new DeclaredPriorityResolver(null, List.of(), List.of());
		assertThat(withoutHeader.priorityOf(MockServerHttpRequest.get("/").header("X-Priority", "high").build()))
			.isEqualTo(RequestPriority.NORMAL);
	}

	@Test
	void shouldMatchPathWithinApplication() {
		assertThat(this.resolver
			.priorityOf(MockServerHttpRequest.get("http://localhost/shop/reports/7").contextPath("/shop").build()))
			.isEqualTo(RequestPriority.LOW);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "X Priority", "X-Priority:", "Priorität", "X\r\nY" })
	void whenHeaderNameIsInvalidShouldThrow(String name) {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> new DeclaredPriorityResolver(name, List.of(), List.of()))
			.satisfies((ex) -> {
				assertThat(ex.getSetting()).isEqualTo("priorityHeader");
				assertThat(ex.getRule())
					.isEqualTo("must be the name of a header: letters, digits and any of !#$%&'*+.^_`|~-");
			});
	}

	private RequestPriority priorityOf(String path, List<String> headers) {
		return this.resolver
			.priorityOf(MockServerHttpRequest.get(path).header("X-Priority", headers.toArray(String[]::new)).build());
	}

	private static List<PathPattern> patterns(String... patterns) {
		return Arrays.stream(patterns).map(PathPatternParser.defaultInstance::parse).toList();
	}

}
