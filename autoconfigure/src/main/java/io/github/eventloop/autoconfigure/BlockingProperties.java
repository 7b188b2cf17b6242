package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;

import io.github.eventloop.blocking.BlockingSettings;
import io.github.eventloop.monitor.InvalidSettingException;

/**
 * Configuration properties for the detection of blocking calls.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("eventloop.blocking")
public class BlockingProperties {

	/**
	 * Detector of blocking calls that are shorter than a stall.
	 */
	private Detector detector = Detector.NONE;

	/**
	 * Minimum duration of a blocking call that is reported. Only supported by the 'jfr'
	 * detector.
	 */
	@DurationUnit(ChronoUnit.MILLIS)
	private Duration threshold = Duration.ofMillis(1);

	public Detector getDetector() {
		return this.detector;
	}

	public void setDetector(Detector detector) {
		this.detector = detector;
	}

	public Duration getThreshold() {
		return this.threshold;
	}

	public void setThreshold(Duration threshold) {
		this.threshold = threshold;
	}

	BlockingSettings toSettings() {
		try {
			return new BlockingSettings(this.threshold);
		}
		catch (InvalidSettingException ex) {
			throw InvalidProperty.of("eventloop.blocking", ex);
		}
	}

	/**
	 * Detectors of blocking calls.
	 */
	public enum Detector {

		/**
		 * Blocking calls are not detected.
		 */
		NONE,

		/**
		 * JDK Flight Recorder. Reports exact durations and needs no JVM flag.
		 */
		JFR,

		/**
		 * BlockHound. Reports every call without its duration, and needs the dependency
		 * and a JVM flag.
		 */
		BLOCKHOUND

	}

}
