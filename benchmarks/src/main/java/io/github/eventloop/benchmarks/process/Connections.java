package io.github.eventloop.benchmarks.process;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which instance a balancer gave a connection to. Not thread-safe.
 */
public final class Connections {

	/** What an instance is called that does not exist: there was none to give it to. */
	public static final String NOBODY = "nobody";

	/** The balancer's clock stands still while it handles what it has found at once. */
	private static final long SLACK_MILLIS = 50;

	private final Map<Integer, NavigableMap<Long, String>> byPort = new HashMap<>();

	/**
	 * Note a connection.
	 * @param clientPort the client's port
	 * @param epochMillis when it was accepted
	 * @param instance name of the instance that it was given to
	 */
	public void add(int clientPort, long epochMillis, String instance) {
		this.byPort.computeIfAbsent(clientPort, (port) -> new TreeMap<>())
			.put(epochMillis, instance.startsWith("<") ? NOBODY : instance);
	}

	/**
	 * Say who had a connection. Ports are used again, so it takes a time, too.
	 * @param clientPort the client's port
	 * @param epochMillis a time at which the connection was open, or had just been closed
	 * @return the name of the instance, or {@link #NOBODY}
	 */
	public String instance(int clientPort, long epochMillis) {
		NavigableMap<Long, String> uses = this.byPort.get(clientPort);
		Map.Entry<Long, String> last = (uses != null) ? uses.floorEntry(epochMillis + SLACK_MILLIS) : null;
		return (last != null) ? last.getValue() : NOBODY;
	}

}
