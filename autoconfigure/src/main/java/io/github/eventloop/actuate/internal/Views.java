package io.github.eventloop.actuate.internal;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/**
 * The paths below the endpoint. Actuator maps a path pattern for each method, without the
 * information which paths exist and which methods each of them supports.
 */
final class Views {

	/** Relative to the endpoint, as templates. */
	static final List<String> READABLE = List.of("diagnosis", "history", "stalls", "hotspots", "blocking", "captures",
			"live", "loops/{name}", "stalls/{id}", "captures/{name}");

	static final String DRILL = "drill";

	static final String DRILLS_ARE_OFF = "Drills are off. Set eventloop.drill.enabled=true to allow them.";

	static final String CAPTURES = "captures";

	static final String CAPTURES_ARE_OFF = "Captures are off. Set eventloop.capture.enabled=true to write a flight "
			+ "recording when loops stall or the status becomes OVERLOADED or STUCK.";

	private Views() {
	}

	/**
	 * Return the methods of a path that the endpoint allows.
	 * @param path the segments below the endpoint
	 * @param drills whether drills are allowed
	 * @param operations the methods of the endpoint's operations
	 * @return the methods, which the caller may change, or {@code null} if there is no
	 * such path
	 */
	static @Nullable Set<HttpMethod> allowed(List<String> path, boolean drills, Set<HttpMethod> operations) {
		Set<HttpMethod> methods = methods(path, drills);
		if (methods == null) {
			return null;
		}
		Set<HttpMethod> allowed = new TreeSet<>(methods);
		allowed.retainAll(operations);
		if (allowed.contains(HttpMethod.GET)) {
			allowed.add(HttpMethod.HEAD);
		}
		return allowed;
	}

	/**
	 * Return the methods of a path.
	 * @param path the segments below the endpoint
	 * @param drills whether drills are allowed
	 * @return the methods, or {@code null} if there is no such path
	 */
	static @Nullable Set<HttpMethod> methods(List<String> path, boolean drills) {
		return switch (path.size()) {
			case 0 -> Set.of(HttpMethod.GET);
			case 1 -> methods(path.get(0), drills);
			case 2 -> READABLE.stream().anyMatch((view) -> view.startsWith(path.get(0) + "/")) ? Set.of(HttpMethod.GET)
					: null;
			default -> null;
		};
	}

	private static @Nullable Set<HttpMethod> methods(String view, boolean drills) {
		if (view.equals("stalls")) {
			return Set.of(HttpMethod.GET, HttpMethod.DELETE);
		}
		if (view.equals(DRILL)) {
			return drills ? Set.of(HttpMethod.POST) : null;
		}
		return READABLE.contains(view) ? Set.of(HttpMethod.GET) : null;
	}

	/** Return the message for a path that does not exist, with those that do. */
	static String notFound(String path) {
		return path.equals(DRILL) ? DRILLS_ARE_OFF
				: "There is no view " + Problem.quote(path) + ". Available views: " + String.join(", ", READABLE) + ".";
	}

}
