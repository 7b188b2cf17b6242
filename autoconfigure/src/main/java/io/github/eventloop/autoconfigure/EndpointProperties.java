package io.github.eventloop.autoconfigure;

import java.util.HashSet;
import java.util.Set;

import org.springframework.boot.context.properties.ConfigurationProperties;

import io.github.eventloop.actuate.ShowDetails;
import io.github.eventloop.actuate.internal.Details;

/**
 * Configuration properties for the event loop endpoint.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("management.endpoint.eventloop")
public class EndpointProperties {

	/**
	 * When to show culprits, stacks, lock owners, routes, trace IDs and advice.
	 */
	private ShowDetails showDetails = ShowDetails.WHEN_LOCAL_OR_AUTHORIZED;

	/**
	 * Roles used to determine whether a user is authorized to be shown details. When
	 * empty, all authenticated users are authorized.
	 */
	private Set<String> roles = new HashSet<>();

	public ShowDetails getShowDetails() {
		return this.showDetails;
	}

	public void setShowDetails(ShowDetails showDetails) {
		this.showDetails = showDetails;
	}

	public Set<String> getRoles() {
		return this.roles;
	}

	public void setRoles(Set<String> roles) {
		this.roles = roles;
	}

	Details toDetails() {
		return new Details(this.showDetails, this.roles);
	}

}
