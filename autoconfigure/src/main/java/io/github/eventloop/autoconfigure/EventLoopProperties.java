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
 * Configuration properties for the measuring of event loops.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("eventloop")
public class EventLoopProperties {

	/**
	 * Time that lag and utilization are computed over.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration window = Duration.ofSeconds(10);

	/**
	 * How far back the history reaches.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration history = Duration.ofMinutes(15);

	/**
	 * Which loop a new connection is given to. Connections stay with their loop.
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
		 * Whether connections are accepted by a loop that does nothing else.
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
		 * Length from which an iteration of a loop is a stall.
		 */
		@DurationUnit(ChronoUnit.MILLIS)
		private Duration threshold = Duration.ofMillis(100);

		/**
		 * Time between two looks at one stall.
		 */
		@DurationUnit(ChronoUnit.MILLIS)
		private Duration sampleInterval = Duration.ofMillis(20);

		/**
		 * Packages whose frames count as the culprit of a stall, those below them
		 * included. By default, the packages that auto-configuration scans.
		 */
		private @Nullable List<String> applicationPackages;

		/**
		 * Time for which a hotspot that was logged is not logged again.
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
