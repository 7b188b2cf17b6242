package io.github.eventloop.benchmarks.probes;

import java.util.List;
import java.util.Map;

/**
 * Where probes go, and what is blocked meanwhile.
 *
 * @param name what files, pictures and tables call it
 * @param properties properties of the instance
 * @param blocked which of its four loops are blocked
 * @param perSecond how many probes are sent
 */
record Scenario(String name, Map<String, String> properties, Blocked blocked, double perSecond) {

	private static final String PORT = "management.server.port";

	private static final String ADDRESS = "management.server.address";

	/** A management port with a loop of its own, as it is by default. */
	static final Scenario ISOLATED = new Scenario("isolated", Map.of(PORT, "0", ADDRESS, "127.0.0.1"), Blocked.ALL,
			100);

	/**
	 * A management port on the loops of the application, as it is without the library.
	 */
	static final Scenario NOT_ISOLATED = new Scenario("not-isolated",
			Map.of(PORT, "0", ADDRESS, "127.0.0.1", "eventloop.management.isolated", "false"), Blocked.ALL, 10);

	/** No management port. */
	static final Scenario SHARED = new Scenario("shared", Map.of(), Blocked.ONE, 10);

	/** All of them. */
	static final List<Scenario> ALL = List.of(ISOLATED, NOT_ISOLATED, SHARED);

	/**
	 * Which loops are blocked.
	 */
	enum Blocked {

		/** All that serve the application. */
		ALL("all"),

		/** One that does not accept connections. */
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
