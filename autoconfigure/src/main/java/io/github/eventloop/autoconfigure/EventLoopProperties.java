package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;

import io.github.eventloop.monitor.InvalidSettingException;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.netty.Placement;
import io.github.eventloop.stall.StallSettings;

/**
 * Configuration properties for event loop monitoring.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("eventloop")
public class EventLoopProperties {

	/**
	 * Time window over which lag, utilization, CPU usage and pauses are computed.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration window = Duration.ofSeconds(10);

	/**
	 * Time span that the history covers.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration history = Duration.ofMinutes(15);

	/**
	 * How new connections are assigned to event loops. A connection stays on its loop.
	 */
	private Placement placement = Placement.ROUND_ROBIN;

	private final Acceptor acceptor = new Acceptor();

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

	public Placement getPlacement() {
		return this.placement;
	}

	public void setPlacement(Placement placement) {
		this.placement = placement;
	}

	public Acceptor getAcceptor() {
		return this.acceptor;
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

	StallSettings toStallSettings() {
		try {
			return new StallSettings(this.stall.sampleInterval, this.stall.logInterval);
		}
		catch (InvalidSettingException ex) {
			throw InvalidProperty.of("eventloop", ex);
		}
	}

	/**
	 * Acceptor properties.
	 */
	public static class Acceptor {

		/**
		 * Whether to accept connections on an event loop that does nothing else.
		 */
		private boolean dedicated;

		public boolean isDedicated() {
			return this.dedicated;
		}

		public void setDedicated(boolean dedicated) {
			this.dedicated = dedicated;
		}

	}

	/**
	 * Stall properties.
	 */
	public static class Stall {

		/**
		 * Duration of an event loop iteration above which it is a stall.
		 */
		@DurationUnit(ChronoUnit.MILLIS)
		private Duration threshold = Duration.ofMillis(100);

		/**
		 * Interval between stack samples of a stall.
		 */
		@DurationUnit(ChronoUnit.MILLIS)
		private Duration sampleInterval = Duration.ofMillis(20);

		/**
		 * Packages, including their subpackages, whose frames can be the culprit of a
		 * stall. When not set, the auto-configuration packages are used.
		 */
		private @Nullable List<String> applicationPackages;

		/**
		 * Minimum time between two log messages about the same hotspot.
		 */
		@DurationUnit(ChronoUnit.SECONDS)
		private Duration logInterval = Duration.ofMinutes(1);

		public Duration getThreshold() {
			return this.threshold;
		}

		public void setThreshold(Duration threshold) {
			this.threshold = threshold;
		}

		public Duration getSampleInterval() {
			return this.sampleInterval;
		}

		public void setSampleInterval(Duration sampleInterval) {
			this.sampleInterval = sampleInterval;
		}

		public @Nullable List<String> getApplicationPackages() {
			return this.applicationPackages;
		}

		public void setApplicationPackages(@Nullable List<String> applicationPackages) {
			this.applicationPackages = applicationPackages;
		}

		public Duration getLogInterval() {
			return this.logInterval;
		}

		public void setLogInterval(Duration logInterval) {
			this.logInterval = logInterval;
		}

	}

}
