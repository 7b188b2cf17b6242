package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ExpectedStalls}.
 */
class ExpectedStallsTests {

	private final StackReader reader = new StackReader(List.of("com.acme"));

	@ParameterizedTest
	@EnumSource
	void whenThereIsNoCulpritShouldBeExpected(StallCause cause) {
		assertThat(ExpectedStalls.isExpected(stall(cause, null), this.reader)).isTrue();
	}

	@ParameterizedTest
	@EnumSource
	void whenCulpritIsOfTheApplicationShouldNotBeExpected(StallCause cause) {
		assertThat(ExpectedStalls.isExpected(stall(cause, "com.acme.Prices"), this.reader)).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "LOCK, true", "COMPUTING, true", "FLOOD, true", "BLOCKING_IO, false", "SLEEPING, false",
			"WAITING, false" })
	void whenCulpritIsOfALibraryShouldBeExpectedUnlessItBlocks(StallCause cause, boolean expected) {
		assertThat(ExpectedStalls.isExpected(stall(cause, "com.lib.Codec"), this.reader)).isEqualTo(expected);
	}

	@Test
	void whenPackagesOfTheApplicationAreNotKnownShouldNotBeExpected() {
		Stall stall = stall(StallCause.LOCK, "com.lib.Codec");
		assertThat(ExpectedStalls.isExpected(stall, new StackReader(List.of()))).isFalse();
	}

	private static Stall stall(StallCause cause, @Nullable String culprit) {
		return new Stall(1, "loop-1", "group", null, Instant.EPOCH, Duration.ofMillis(312), false, cause,
				new Stall.Code((culprit != null) ? new Culprit(culprit, "load", "Source.java", 42) : null, null, null,
						null),
				new Stall.Requests(null, null, null, null, 0), new Stall.Times(0, 0, 0, null),
				new Stall.Work(0, 0, false), new Stall.Samples(0, List.of(), List.of()), "Do it.");
	}

}
