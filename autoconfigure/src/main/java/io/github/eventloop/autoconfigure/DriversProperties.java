package io.github.eventloop.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties for the event loops of drivers.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("eventloop.drivers")
public class DriversProperties {

	/**
	 * Whether event loops of drivers count in the lag, the utilization and the status of
	 * the application, so that a driver that is stuck takes the instance out of service.
	 */
	private boolean countInStatus;

	public boolean isCountInStatus() {
		return this.countInStatus;
	}

	public void setCountInStatus(boolean countInStatus) {
		this.countInStatus = countInStatus;
	}

}
