package io.github.eventloop.autoconfigure;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointProperties;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointProperties.Group;

/**
 * {@link HealthEndpointGroupsPostProcessor} that adds the health contributors of the
 * event loops to the groups of the readiness and liveness probes, or keeps them out.
 * <p>
 * An {@code include} or {@code exclude} that the user has configured for a group takes
 * precedence. It is read from the properties from which Spring Boot creates the groups,
 * so that both see the same value in whatever form it is written. If the user has
 * configured only other properties of a group, Spring Boot includes all contributors in
 * it, which is not treated as a decision about these contributors.
 * <p>
 * Membership is only queried for contributors that exist, so a contributor that is
 * disabled may still be a member.
 */
class ProbeGroupsPostProcessor implements HealthEndpointGroupsPostProcessor {

	private static final String READINESS = "readiness";

	private static final String LIVENESS = "liveness";

	private static final String EVENT_LOOP = "eventLoop";

	private static final String EVENT_LOOP_LIVENESS = "eventLoopLiveness";

	private final ObjectProvider<HealthEndpointProperties> properties;

	private final boolean joinReadiness;

	private final boolean joinLiveness;

	ProbeGroupsPostProcessor(ObjectProvider<HealthEndpointProperties> properties, boolean joinReadiness,
			boolean joinLiveness) {
		this.properties = properties;
		this.joinReadiness = joinReadiness;
		this.joinLiveness = joinLiveness;
	}

	@Override
	public HealthEndpointGroups postProcessHealthEndpointGroups(HealthEndpointGroups groups) {
		Map<String, HealthEndpointGroup> replaced = new HashMap<>();
		HealthEndpointGroup readiness = groups.get(READINESS);
		if (readiness != null) {
			replaced.put(READINESS, new ProbeGroup(readiness, readinessMembers()));
		}
		HealthEndpointGroup liveness = groups.get(LIVENESS);
		if (liveness != null) {
			replaced.put(LIVENESS, new ProbeGroup(liveness, livenessMembers()));
		}
		return new ProbeGroups(groups, replaced);
	}

	private Map<String, Boolean> readinessMembers() {
		boolean configured = includes(READINESS) || excludes(READINESS);
		return configured ? Map.of() : Map.of(EVENT_LOOP, this.joinReadiness);
	}

	/**
	 * Overload must never restart an application, so {@code eventLoop} only becomes a
	 * member if the user includes it. Restarting a stuck application is enabled by a
	 * property of its own, so {@code eventLoopLiveness} follows that property unless the
	 * user excludes it.
	 */
	private Map<String, Boolean> livenessMembers() {
		Map<String, Boolean> members = new HashMap<>();
		if (!includes(LIVENESS)) {
			members.put(EVENT_LOOP, false);
		}
		if (!excludes(LIVENESS)) {
			members.put(EVENT_LOOP_LIVENESS, this.joinLiveness);
		}
		return members;
	}

	private boolean includes(String group) {
		Group properties = groupProperties(group);
		return properties != null && properties.getInclude() != null;
	}

	private boolean excludes(String group) {
		Group properties = groupProperties(group);
		return properties != null && properties.getExclude() != null;
	}

	private @Nullable Group groupProperties(String group) {
		HealthEndpointProperties available = this.properties.getIfAvailable();
		return (available != null) ? available.getGroup().get(group) : null;
	}

}
