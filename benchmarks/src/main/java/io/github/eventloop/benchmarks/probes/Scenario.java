package io.github.eventloop.benchmarks.probes;

import java.util.List;
import java.util.Map;

/**
 * The probed port, and the loops that are blocked meanwhile.
 *
 * @param name its name in files, charts and tables
 * @param properties properties of the instance
 * @param blocked which of its four loops are blocked
 * @param perSecond probes per second
 */
record Scenario(String name, Map<String, String> properties, Blocked blocked, double perSecond) {

	private static final String PORT = "management.server.port";

	private static final String ADDRESS = "management.server.address";

	/** A management port with its own loop, which is the default. */
	static final Scenario ISOLATED = new Scenario("isolated", Map.of(PORT, "0", ADDRESS, "127.0.0.1"), Blocked.ALL,
			100);

	/**
	 * A management port on the loops of the application, as without the library.
	 */
	static final Scenario NOT_ISOLATED = new Scenario("not-isolated",
			Map.of(PORT, "0", ADDRESS, "127.0.0.1", "eventloop.management.isolated", "false"), Blocked.ALL, 10);

	/** No management port. */
	static final Scenario SHARED = new Scenario("shared", Map.of(), Blocked.ONE, 10);

	/** All scenarios. */
	static final List<Scenario> ALL = List.of(ISOLATED, NOT_ISOLATED, SHARED);

	/**
	 * Which loops are blocked.
	 */
	enum Blocked {

		/** All loops that serve the application. */
		ALL("all"),

		/** One loop that does not accept connections. */
		ONE("1 of 4");

		private final String text;

		Blocked(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

}
