package io.github.eventloop.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties for the contribution of the event loops to readiness.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("eventloop.readiness")
public class ReadinessProperties {

	/**
	 * Whether to add the health of the event loops to the readiness group.
	 */
	private boolean enabled = true;

	/**
	 * Whether to drain connections gradually while the application is out of service, or
	 * stays in service although it lags, with 'Connection: close' or GOAWAY. Readiness
	 * alone only keeps new connections away.
	 */
	private boolean closeConnections = true;

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public boolean isCloseConnections() {
		return this.closeConnections;
	}

	public void setCloseConnections(boolean closeConnections) {
		this.closeConnections = closeConnections;
	}

}
