package io.github.eventloop.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;

import io.github.eventloop.kubernetes.internal.AvailabilityFloor;
import io.github.eventloop.monitor.InvalidSettingException;

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
	 * Whether to drain connections gradually, with 'Connection: close' or GOAWAY, while
	 * the application is out of service, or stays in service although it lags and its
	 * requests increased. Readiness alone only keeps new connections away.
	 */
	private boolean closeConnections = true;

	/**
	 * How to determine whether the other instances can do without this one before it
	 * leaves service. Another way can be provided with a 'ReadinessGate' bean.
	 */
	private Fleet fleet = Fleet.NONE;

	/**
	 * Share of the endpoints of a service that must be ready, in percent, rounded up. An
	 * instance stays in service, or returns, if fewer would be left. Only used if 'fleet'
	 * is set.
	 */
	private String minAvailable = "60%";

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

	public Fleet getFleet() {
		return this.fleet;
	}

	public void setFleet(Fleet fleet) {
		this.fleet = fleet;
	}

	public String getMinAvailable() {
		return this.minAvailable;
	}

	public void setMinAvailable(String minAvailable) {
		this.minAvailable = minAvailable;
	}

	AvailabilityFloor toFloor() {
		try {
			return AvailabilityFloor.parse(this.minAvailable);
		}
		catch (InvalidSettingException ex) {
			throw InvalidProperty.of("eventloop.readiness", ex);
		}
	}

	/**
	 * Sources of information on the other instances of the application.
	 */
	public enum Fleet {

		/**
		 * Each instance decides alone whether to leave service.
		 */
		NONE,

		/**
		 * The endpoints of the Kubernetes Services that select the pod. Needs the client
		 * of Fabric8 and permissions for the Kubernetes API.
		 */
		KUBERNETES

	}

}
