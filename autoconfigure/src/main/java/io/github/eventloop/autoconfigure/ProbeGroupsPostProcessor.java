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
 * Decides which of the event loops' health contributors belong to the groups of the
 * readiness and the liveness probe.
 * <p>
 * What the user wrote as {@code include} or {@code exclude} of a group is the last word.
 * It is looked up in the properties that Spring Boot makes the groups from, so that both
 * read the same whatever way it was written. A group of which the user set something else
 * holds all contributors, in Spring Boot's eyes: this is no decision about ours.
 * <p>
 * Groups are only ever asked about contributors that exist, so one that is switched off
 * may be a member all the same.
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
		Map<String, HealthEndpointGroup> changed = new HashMap<>();
		HealthEndpointGroup readiness = groups.get(READINESS);
		if (readiness != null) {
			changed.put(READINESS, new ProbeGroup(readiness, readinessMembers()));
		}
		HealthEndpointGroup liveness = groups.get(LIVENESS);
		if (liveness != null) {
			changed.put(LIVENESS, new ProbeGroup(liveness, livenessMembers()));
		}
		return new ProbeGroups(groups, changed);
	}

	private Map<String, Boolean> readinessMembers() {
		boolean chosen = includes(READINESS) || excludes(READINESS);
		return chosen ? Map.of() : Map.of(EVENT_LOOP, this.joinReadiness);
	}

	/**
	 * Overload must never restart an application, so it takes an {@code include} to get
	 * it into liveness. To be restarted when stuck is something the user has asked for by
	 * a property of its own, so that it takes an {@code exclude} to keep it out.
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
		Group written = written(group);
		return written != null && written.getInclude() != null;
	}

	private boolean excludes(String group) {
		Group written = written(group);
		return written != null && written.getExclude() != null;
	}

	private @Nullable Group written(String group) {
		HealthEndpointProperties available = this.properties.getIfAvailable();
		return (available != null) ? available.getGroup().get(group) : null;
	}

}
