package io.github.eventloop.benchmarks.balancer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The configuration of the instances, and which of them are made to lag.
 *
 * @param name the name of its files
 * @param title the title of its chart
 * @param lagging names of the instances that lag
 * @param properties properties of every instance
 * @param timeline when they lag
 */
record Scenario(String name, String title, List<String> lagging, Map<String, String> properties, Timeline timeline) {

	/** The names of the instances in every scenario. */
	static final List<String> INSTANCES = List.of("a", "b", "c");

	private static final String READINESS = "eventloop.readiness.enabled";

	private static final String CLOSE = "eventloop.readiness.close-connections";

	private static final String LIMIT = "eventloop.health.max-out-of-service";

	/**
	 * Return the scenarios in which one instance lags.
	 * @param timeline when it lags
	 * @return with readiness and closing of connections, with readiness alone, with
	 * neither
	 */
	static List<Scenario> one(Timeline timeline) {
		return List.of(
				one("one-closing", "One instance lags: not ready, and it closes its connections", timeline,
						Map.of(READINESS, "true", CLOSE, "true")),
				one("one-ready", "One instance lags: not ready, connections stay open", timeline,
						Map.of(READINESS, "true", CLOSE, "false")),
				one("one-off", "One instance lags: readiness does not reflect it", timeline,
						Map.of(READINESS, "false", CLOSE, "false")));
	}

	/**
	 * Return the scenarios in which all instances lag.
	 * @param timeline when they lag
	 * @return with probation, with probation and open connections, without probation
	 */
	static List<Scenario> all(Timeline timeline) {
		return List.of(
				all("all-probation", "All instances lag: out of service for about 15 s, then on probation", timeline,
						Map.of(LIMIT, "15s", CLOSE, "true")),
				all("all-open", "All instances lag: on probation after about 15 s, connections stay open", timeline,
						Map.of(LIMIT, "15s", CLOSE, "false")),
				all("all-out", "All instances lag: out of service until they recover", timeline,
						Map.of(LIMIT, "1h", CLOSE, "true")));
	}

	private static Scenario one(String name, String title, Timeline timeline, Map<String, String> properties) {
		return new Scenario(name, title, List.of("b"), new TreeMap<>(properties), timeline);
	}

	private static Scenario all(String name, String title, Timeline timeline, Map<String, String> properties) {
		return new Scenario(name, title, INSTANCES, new TreeMap<>(properties), timeline);
	}

	/**
	 * The time after the start of the lag within which an instance has to be detected:
	 * three bad seconds, the second in which they end, two probes, and the same again for
	 * a busy machine.
	 */
	static Duration detection() {
		return Duration.ofSeconds(12);
	}

}
