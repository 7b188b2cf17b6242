package io.github.eventloop.blocking;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.monitor.InvalidSettingException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link BlockingSettings}.
 */
class BlockingSettingsTests {

	@Test
	void defaultShouldBeAMillisecond() {
		assertThat(BlockingSettings.DEFAULT.threshold()).isEqualTo(Duration.ofMillis(1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "PT0.0005S", "PT1M" })
	void whenThresholdIsInRangeShouldAcceptIt(Duration threshold) {
		assertThat(new BlockingSettings(threshold).threshold()).isEqualTo(threshold);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT-0.001S", "PT1M0.001S" })
	void whenThresholdIsOutOfRangeShouldRejectIt(Duration threshold) {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> new BlockingSettings(threshold))
			.withMessageStartingWith("'threshold' must be from 0s to 60s but is ");
	}

}
