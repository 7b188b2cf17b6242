package io.github.eventloop.kubernetes.internal;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.eventloop.health.ReadinessGate.Decision;
import io.github.eventloop.monitor.InvalidSettingException;

/**
 * Minimum share of the endpoints of a service that has to be ready. Immutable.
 *
 * @param percent the share in percent, from 0, with which every instance may leave, to
 * 100, with which none may
 */
public record AvailabilityFloor(int percent) {

	private static final int MAX_NAMES = 3;

	private static final Pattern PERCENTAGE = Pattern.compile("(\\d{1,3})\\s*%?");

	/**
	 * Create a floor.
	 * @throws InvalidSettingException if the share is out of its range
	 */
	public AvailabilityFloor {
		if (percent < 0 || percent > 100) {
			throw invalid(percent + "%");
		}
	}

	/**
	 * Parse a percentage. Fractions are rejected, because 0.6 could mean 60 % or less
	 * than 1 %.
	 * @param value the percentage, with or without a percent sign
	 * @return the floor
	 * @throws InvalidSettingException if it is not a percentage from 0 to 100
	 */
	public static AvailabilityFloor parse(String value) {
		Matcher matcher = PERCENTAGE.matcher(value.trim());
		if (!matcher.matches() || Integer.parseInt(matcher.group(1)) > 100) {
			throw invalid(value);
		}
		return new AvailabilityFloor(Integer.parseInt(matcher.group(1)));
	}

	private static InvalidSettingException invalid(String value) {
		return new InvalidSettingException("minAvailable", value,
				"must be a whole percentage from 0%% to 100%%, such as 60%%");
	}

	/**
	 * Return the minimum number of ready endpoints.
	 * @param total the number of endpoints
	 * @return the share of it, rounded up
	 */
	public int required(int total) {
		return (int) (((long) this.percent * total + 99) / 100);
	}

	/**
	 * Return the maximum number of endpoints that may be out of service.
	 * @param total the number of endpoints
	 * @return the rest of them
	 */
	int mayLeave(int total) {
		return total - required(total);
	}

	/**
	 * Decide whether a pod may leave.
	 * @param endpoints the endpoints of the service
	 * @param out the other pods that are recorded as out of service, which may look ready
	 * until the kubelet has probed them
	 * @param pod the pod that wants to leave
	 * @return the decision
	 */
	Decision decide(ServiceEndpoints endpoints, Collection<String> out, String pod) {
		Set<String> remaining = new HashSet<>(endpoints.ready());
		remaining.removeAll(out);
		remaining.remove(pod);
		int required = required(endpoints.total());
		String counts = "%d of %d endpoints of the service %s".formatted(remaining.size(), endpoints.total(),
				endpoints.service());
		if (remaining.size() >= required) {
			return Decision.granted("%s remain ready, and at least %d have to".formatted(counts, required));
		}
		return Decision.refused("only %s would remain ready, and at least %d have to%s".formatted(counts, required,
				names(out.stream().sorted().toList())));
	}

	private static String names(List<String> out) {
		if (out.isEmpty()) {
			return "";
		}
		String names = String.join(", ", out.subList(0, Math.min(MAX_NAMES, out.size())));
		return "; out of service: " + names
				+ ((out.size() > MAX_NAMES) ? " and " + (out.size() - MAX_NAMES) + " more" : "");
	}

}
