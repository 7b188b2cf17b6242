package io.github.eventloop.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.EventLoopStatusChangedEvent;
import io.github.eventloop.jfr.internal.CaptureFiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CaptureConfiguration} and {@link CaptureProperties}.
 */
class CaptureConfigurationTests {

	@ParameterizedTest
	@EnumSource(EventLoopStatus.class)
	void whenStatusBecomesBadShouldWrite(EventLoopStatus status, @TempDir Path target) {
		try (ConfigurableApplicationContext application = BlockableApplication.run("eventloop.capture.enabled=true",
				"eventloop.capture.directory=" + target, "eventloop.capture.stall-threshold=10m")) {
			application.publishEvent(new PayloadApplicationEvent<>(application,
					new EventLoopStatusChangedEvent(EventLoopStatus.STARTING, status, "test", Instant.now())));
		}
		// Closing the application writes what was triggered.
		boolean bad = status == EventLoopStatus.STUCK || status == EventLoopStatus.OVERLOADED;
		assertThat(new CaptureFiles(target).list()).extracting((file) -> file.trigger().name())
			.isEqualTo(bad ? List.of(status.name()) : List.of());
	}

	@ParameterizedTest
	@ValueSource(strings = { "0.099s", "601s", "-1s" })
	void whenStallThresholdIsOutOfRangeShouldFail(String threshold) {
		CaptureProperties properties = new CaptureProperties();
		properties.setStallThreshold(Duration.parse("PT" + threshold));
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(properties::toStallThreshold)
			.withMessageContaining("eventloop.capture.stall-threshold");
	}

}
