package io.github.eventloop.kubernetes.internal;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.health.ReadinessGate.Decision;
import io.github.eventloop.monitor.InvalidSettingException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AvailabilityFloor}.
 */
class AvailabilityFloorTests {

	@ParameterizedTest
	@CsvSource({ "60%, 60", "60, 60", "' 60 % ', 60", "0, 0", "0%, 0", "100%, 100", "007, 7" })
	void shouldParsePercentages(String value, int percent) {
		assertThat(AvailabilityFloor.parse(value)).isEqualTo(new AvailabilityFloor(percent));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "%", "101%", "999", "1000", "-1", "-1%", "0.6", "60.5%", "60%%", "sixty", "60 percent",
			"99999999999" })
	void whenValueIsNoPercentageShouldReject(String value) {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> AvailabilityFloor.parse(value))
			.satisfies((ex) -> {
				assertThat(ex.getSetting()).isEqualTo("minAvailable");
				assertThat(ex.getValue()).isEqualTo(value);
				assertThat(ex.getRule()).isEqualTo("must be a whole percentage from 0% to 100%, such as 60%");
			});
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 101 })
	void whenOutOfRangeShouldReject(int percent) {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> new AvailabilityFloor(percent));
	}

	@ParameterizedTest
	@CsvSource({ "60, 0, 0", "60, 1, 1", "60, 2, 2", "60, 3, 2", "60, 4, 3", "60, 5, 3", "60, 10, 6", "50, 2, 1",
			"50, 3, 2", "67, 3, 3", "66, 3, 2", "0, 1000, 0", "1, 1, 1", "1, 1000, 10", "100, 5, 5",
			"100, 100000000, 100000000" })
	void shouldRoundUp(int percent, int total, int required) {
		assertThat(new AvailabilityFloor(percent).required(total)).isEqualTo(required);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			60  | a b c                         |     | true
			60  | a b c                         | b   | false
			60  | a b:unready c                 |     | false
			60  | a b:unready c                 | b   | false
			60  | a:unready b c                 |     | true
			60  | a b                           |     | false
			60  | a                             |     | false
			60  | a b c d e                     | b   | true
			60  | a b c d e                     | b c | false
			60  | a b c d e                     | b b | true
			60  | a b c d e:terminating         |     | true
			60  | a b c d e:terminating         | e   | true
			60  | a b c d:terminating           | b   | false
			60  | a b c d:unready e:unready     |     | false
			60  | a:terminating b c             |     | true
			60  | a:terminating                 |     | true
			50  | a b                           |     | true
			50  | a b                           | b   | false
			0   | a                             |     | true
			0   | a b:unready                   | b   | true
			100 | a b c d e                     |     | false
			100 | a b                           |     | false
			""")
	void shouldDecideByWhatRemains(int percent, String endpoints, String out, boolean granted) {
		Decision decision = new AvailabilityFloor(percent).decide(endpoints(endpoints),
				(out != null) ? Arrays.asList(out.split(" ")) : List.of(), "a");
		assertThat(decision.granted()).isEqualTo(granted);
	}

	@Test
	void reasonShouldHaveTheNumbers() {
		AvailabilityFloor floor = new AvailabilityFloor(60);
		assertThat(floor.decide(endpoints("a b c"), List.of(), "a").reason())
			.isEqualTo("2 of 3 endpoints of the service shop remain ready, and at least 2 have to");
		assertThat(floor.decide(endpoints("a b c:unready"), List.of(), "a").reason())
			.isEqualTo("only 1 of 3 endpoints of the service shop would remain ready, and at least 2 have to");
		assertThat(floor.decide(endpoints("a b c"), List.of("c"), "a").reason()).isEqualTo(
				"only 1 of 3 endpoints of the service shop would remain ready, and at least 2 have to; out of service: c");
		assertThat(floor.decide(endpoints("a b c d e f"), List.of("f", "e", "d", "c", "b"), "a").reason())
			.endsWith("; out of service: b, c, d and 2 more");
	}

	private static ServiceEndpoints endpoints(String endpoints) {
		return ServiceEndpoints.of("shop", List.of(TestCluster.slice("shop", "IPv4", endpoints.split(" "))));
	}

}
