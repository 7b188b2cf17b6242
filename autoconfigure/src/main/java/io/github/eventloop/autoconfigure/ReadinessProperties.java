package io.github.eventloop.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What the event loops have to do with the readiness of the application.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("eventloop.readiness")
public class ReadinessProperties {

	/**
	 * Whether the health of the event loops joins the readiness group.
	 */
	private boolean enabled = true;

	/**
	 * Whether answers ask clients for a new connection while out of service, a few at a
	 * time: readiness only keeps new connections away.
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
