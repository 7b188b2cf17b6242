package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;

import io.github.eventloop.blocking.BlockingSettings;
import io.github.eventloop.monitor.InvalidSettingException;

/**
 * How to look for blocking calls that are shorter than a stall.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("eventloop.blocking")
public class BlockingProperties {

	/**
	 * What to find blocking calls with.
	 */
	private Detector detector = Detector.NONE;

	/**
	 * Length from which a blocking call is reported. Applies to the detector 'jfr' only.
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
	 * What to find blocking calls with.
	 */
	public enum Detector {

		/**
		 * Nothing: they are not looked for.
		 */
		NONE,

		/**
		 * JDK Flight Recorder: exact lengths, no JVM flag.
		 */
		JFR,

		/**
		 * BlockHound: every call, without its length; needs the dependency and a JVM
		 * flag.
		 */
		BLOCKHOUND

	}

}
