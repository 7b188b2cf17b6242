package io.github.eventloop.kubernetes.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RecallOrder}, with a floor of 60 % and 20 seconds to return.
 */
class RecallOrderTests {

	private long seconds;

	/** Each pod decides alone, so this asks all that are out. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			# endpoints                                            | out   | recalled
			a:unready b:unready c d e                              | a b   |
			a:unready b:unready c d e:unready                      | a b   | a
			a:unready b:unready c d e:unready                      | b a   | b
			a:unready b:unready c d:unready e:unready              | a b   | a b
			a:unready b:unready c:unready d:unready e:unready      | a b   | a b
			a b c d e:unready                                      | a b   | a
			a b c d e                                              | a b   |
			a:unready b:unready c:terminating d:terminating e      | b a   | b
			a:unready b:terminating c:terminating                  | a     | a
			a:unready b c                                          | a     |
			a:unready b c d:unready                                | a     | a
			a:unready b c d e:unready                              | a     |
			a:unready b c d:terminating                            | a     |
			a:unready b:unready c d e f:unready g h                | a b   |
			a:unready b:unready c d e f:unready g:unready h        | a b   | a
			""")
	void shouldRecallAsManyAsAreNeeded(String endpoints, String out, String recalled) {
		List<String> names = List.of(out.split(" "));
		List<String> actual = new ArrayList<>();
		names.forEach((name) -> {
			if (order(name, names).recall(endpoints(endpoints), names) != null) {
				actual.add(name);
			}
		});
		assertThat(actual).isEqualTo((recalled != null) ? List.of(recalled.split(" ")) : List.of());
	}

	@Test
	void reasonShouldHaveTheNumbers() {
		assertThat(order("a", List.of("a")).recall(endpoints("a:unready b c:unready"), List.of("a")))
			.isEqualTo("only 1 of 3 endpoints of the service shop are ready, and at least 2 have to be");
	}

	@Test
	void whenPodIsMissingInTheRecordShouldBeTheLast() {
		RecallOrder order = order("c", List.of());
		assertThat(order.recall(endpoints("a:unready b c:unready"), List.of("a"))).isNull();
		assertThat(order.recall(endpoints("a:unready b:unready c:unready"), List.of("a"))).isNotNull();
	}

	@Test
	void whileOneReturnsTheNextShouldStay() {
		RecallOrder order = order("b", List.of("a", "b"));
		ServiceEndpoints broken = endpoints("a:unready b:unready c d e:unready");
		assertThat(order.recall(broken, List.of("a", "b"))).isNull();
		this.seconds = 3;
		assertThat(order.recall(broken, List.of("b"))).isNull();
		this.seconds = 19;
		assertThat(order.recall(broken, List.of("b"))).isNull();
		assertThat(order.recall(endpoints("a b:unready c d e:unready"), List.of("b"))).isNull();
	}

	@Test
	void whenOneReturnsOnItsOwnAndAnotherFailsTheNextShouldStay() {
		RecallOrder order = order("b", List.of("a", "b"));
		assertThat(order.recall(endpoints("a:unready b:unready c d e"), List.of("a", "b"))).isNull();
		assertThat(order.recall(endpoints("a:unready b:unready c d e"), List.of("b"))).isNull();
		this.seconds = 1;
		assertThat(order.recall(endpoints("a:unready b:unready c d e:unready"), List.of("b"))).isNull();
	}

	@Test
	void whenOneHasReturnedBeforeTheFirstCheckTheNextShouldStay() {
		RecallOrder order = order("b", List.of("a", "b"));
		assertThat(order.recall(endpoints("a:unready b:unready c d e:unready"), List.of("b"))).isNull();
	}

	@Test
	void whenOneReturnsButIsNotReadyInTimeShouldRecallTheNext() {
		RecallOrder order = order("b", List.of("a", "b"));
		ServiceEndpoints broken = endpoints("a:unready b:unready c d e:unready");
		assertThat(order.recall(broken, List.of("b"))).isNull();
		this.seconds = 20;
		assertThat(order.recall(broken, List.of("b"))).isNotNull();
	}

	@Test
	void whenTheFirstDoesNotReturnShouldRecallTheNext() {
		RecallOrder order = order("c", List.of("a", "b", "c"));
		ServiceEndpoints broken = endpoints("a:unready b:unready c:unready d e f g");
		List<String> out = List.of("a", "b", "c");
		assertThat(order.recall(broken, out)).isNull();
		this.seconds = 20;
		assertThat(order.recall(broken, out)).isNull();
		this.seconds = 39;
		assertThat(order.recall(broken, out)).isNull();
		this.seconds = 40;
		assertThat(order.recall(broken, out)).isNotNull();
	}

	@Test
	void whenThereAreEnoughAgainShouldStartAnew() {
		RecallOrder order = order("b", List.of("a", "b"));
		List<String> out = List.of("a", "b");
		assertThat(order.recall(endpoints("a:unready b:unready c d e:unready"), out)).isNull();
		this.seconds = 19;
		assertThat(order.recall(endpoints("a:unready b:unready c d e"), out)).isNull();
		this.seconds = 30;
		assertThat(order.recall(endpoints("a:unready b:unready c d e:unready"), out)).isNull();
	}

	@Test
	void whenAReturnedPodFailsLaterShouldNotCountItAsReturning() {
		RecallOrder order = order("b", List.of("a", "b"));
		assertThat(order.recall(endpoints("a:unready b:unready c d e"), List.of("b"))).isNull();
		this.seconds = 3;
		assertThat(order.recall(endpoints("a b:unready c d e"), List.of("b"))).isNull();
		this.seconds = 5;
		assertThat(order.recall(endpoints("a:unready b:unready c d e:unready"), List.of("b"))).isNotNull();
	}

	private RecallOrder order(String pod, List<String> out) {
		return new RecallOrder(pod, new AvailabilityFloor(60), Duration.ofSeconds(20), out,
				() -> Duration.ofSeconds(this.seconds).toNanos());
	}

	private static ServiceEndpoints endpoints(String endpoints) {
		return ServiceEndpoints.of("shop", List.of(TestCluster.slice("shop", "IPv4", endpoints.split(" "))));
	}

}
