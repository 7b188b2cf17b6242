package io.github.eventloop.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;

import io.github.eventloop.monitor.InvalidSettingException;
import io.github.eventloop.monitor.MonitorSettings;

/**
 * Configuration properties for the measuring of event loops.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("eventloop")
public class EventLoopProperties {

	/**
	 * Time that lag and utilization are computed over.
	 */
	private Duration window = Duration.ofSeconds(10);

	/**
	 * How far back the history reaches.
	 */
	private Duration history = Duration.ofMinutes(15);

	private final Stall stall = new Stall();

	public Duration getWindow() {
		return this.window;
	}

	public void setWindow(Duration window) {
		this.window = window;
	}

	public Duration getHistory() {
		return this.history;
	}

	public void setHistory(Duration history) {
		this.history = history;
	}

	public Stall getStall() {
		return this.stall;
	}

	MonitorSettings toMonitorSettings() {
		try {
			return new MonitorSettings(this.window, this.history, this.stall.threshold);
		}
		catch (InvalidSettingException ex) {
			throw InvalidProperty.of("eventloop", ex);
		}
	}

	/**
	 * Stall properties.
	 */
	public static class Stall {

		/**
		 * Length from which an iteration of a loop is a stall.
		 */
		private Duration threshold = Duration.ofMillis(100);

		public Duration getThreshold() {
			return this.threshold;
		}

		public void setThreshold(Duration threshold) {
			this.threshold = threshold;
		}

	}

}
