package io.github.eventloop.benchmarks.process;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The instances that a balancer assigned connections to. Not thread-safe.
 */
public final class Connections {

	/** Used instead of the name of an instance if no instance was available. */
	public static final String NO_INSTANCE = "none";

	/** The balancer does not update its clock while it handles a batch of events. */
	private static final long SLACK_MILLIS = 50;

	private final Map<Integer, NavigableMap<Long, String>> byPort = new HashMap<>();

	/**
	 * Record a connection.
	 * @param clientPort the client's port
	 * @param epochMillis when it was accepted
	 * @param instance name of the instance that it was assigned to
	 */
	public void add(int clientPort, long epochMillis, String instance) {
		this.byPort.computeIfAbsent(clientPort, (port) -> new TreeMap<>())
			.put(epochMillis, instance.startsWith("<") ? NO_INSTANCE : instance);
	}

	/**
	 * Return the instance of a connection. Ports are reused, so a time is needed as well.
	 * @param clientPort the client's port
	 * @param epochMillis a time at which the connection was open, or had just been closed
	 * @return the name of the instance, or {@link #NO_INSTANCE}
	 */
	public String instance(int clientPort, long epochMillis) {
		NavigableMap<Long, String> uses = this.byPort.get(clientPort);
		Map.Entry<Long, String> last = (uses != null) ? uses.floorEntry(epochMillis + SLACK_MILLIS) : null;
		return (last != null) ? last.getValue() : NO_INSTANCE;
	}

}
