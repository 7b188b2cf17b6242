package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;

import io.github.eventloop.monitor.InvalidSettingException;

/**
 * Configuration properties for captures.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("eventloop.capture")
public class CaptureProperties {

	private static final Duration MIN_STALL_THRESHOLD = Duration.ofMillis(100);

	private static final Duration MAX_STALL_THRESHOLD = Duration.ofMinutes(10);

	/**
	 * Directory to write flight recordings to, created when it is needed.
	 */
	private String directory = "eventloop-captures";

	/**
	 * Duration of a stall from which a flight recording is written.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration stallThreshold = Duration.ofSeconds(2);

	public String getDirectory() {
		return this.directory;
	}

	public void setDirectory(String directory) {
		this.directory = directory;
	}

	public Duration getStallThreshold() {
		return this.stallThreshold;
	}

	public void setStallThreshold(Duration stallThreshold) {
		this.stallThreshold = stallThreshold;
	}

	Duration toStallThreshold() {
		if (this.stallThreshold.compareTo(MIN_STALL_THRESHOLD) < 0
				|| this.stallThreshold.compareTo(MAX_STALL_THRESHOLD) > 0) {
			throw InvalidProperty.of("eventloop.capture", new InvalidSettingException("stallThreshold",
					this.stallThreshold, "must be from %s to %s", MIN_STALL_THRESHOLD, MAX_STALL_THRESHOLD));
		}
		return this.stallThreshold;
	}

}
