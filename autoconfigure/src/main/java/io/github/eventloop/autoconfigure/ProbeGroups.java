package io.github.eventloop.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.AdditionalPathsMapper;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;

/**
 * {@link HealthEndpointGroups} that replaces some of the groups that it wraps. Maps
 * additional paths as the original does: request matchers, such as those of Spring
 * Security, would otherwise not treat {@code /livez} and {@code /readyz} as health
 * endpoints.
 */
class ProbeGroups implements HealthEndpointGroups, AdditionalPathsMapper {

	private final HealthEndpointGroups groups;

	private final Map<String, HealthEndpointGroup> replaced;

	ProbeGroups(HealthEndpointGroups groups, Map<String, HealthEndpointGroup> replaced) {
		this.groups = groups;
		this.replaced = Map.copyOf(replaced);
	}

	@Override
	public HealthEndpointGroup getPrimary() {
		return this.groups.getPrimary();
	}

	@Override
	public Set<String> getNames() {
		return this.groups.getNames();
	}

	@Override
	public @Nullable HealthEndpointGroup get(String name) {
		HealthEndpointGroup group = this.replaced.get(name);
		return (group != null) ? group : this.groups.get(name);
	}

	@Override
	public @Nullable List<String> getAdditionalPaths(EndpointId endpointId, WebServerNamespace webServerNamespace) {
		return (this.groups instanceof AdditionalPathsMapper mapper)
				? mapper.getAdditionalPaths(endpointId, webServerNamespace) : null;
	}

}
