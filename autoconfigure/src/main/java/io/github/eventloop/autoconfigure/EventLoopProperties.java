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

/**
 * Configuration properties for event loop monitoring.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("eventloop")
public class EventLoopProperties {

	private final Stall stall = new Stall();

	/**
	 * How new connections are assigned to event loops. A connection stays on its loop.
	 */
	private Placement placement = Placement.ROUND_ROBIN;

	private final Acceptor acceptor = new Acceptor();

	/**
	 * Time span that the history covers.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration history = Duration.ofMinutes(15);

	/**
	 * Time window over which lag, utilization, CPU usage and pauses are computed.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration window = Duration.ofSeconds(10);

	public Stall getStall() {
		return this.stall;
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

	public Duration getHistory() {
		return this.history;
	}

	public void setHistory(Duration history) {
		this.history = history;
	}

	public Duration getWindow() {
		return this.window;
	}

	public void setWindow(Duration window) {
		this.window = window;
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
		 * Duration of an event loop iteration above which it is a stall.
		 */
		@DurationUnit(ChronoUnit.MILLIS)
		private Duration threshold = Duration.ofMillis(100);

		/**
		 * Packages, including their subpackages, whose frames can be the culprit of a
		 * stall. When not set, the auto-configuration packages are used.
		 */
		private @Nullable List<String> applicationPackages;

		public Duration getThreshold() {
			return this.threshold;
		}

		public void setThreshold(Duration threshold) {
			this.threshold = threshold;
		}

		public @Nullable List<String> getApplicationPackages() {
			return this.applicationPackages;
		}

		public void setApplicationPackages(@Nullable List<String> applicationPackages) {
			this.applicationPackages = applicationPackages;
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

}
