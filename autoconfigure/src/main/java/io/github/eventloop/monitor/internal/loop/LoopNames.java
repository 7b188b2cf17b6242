package io.github.eventloop.monitor.internal.loop;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitoredLoop;

/**
 * Displayed names of loops, which are unique. Threads of two groups with the same prefix
 * have the same names; a loop keeps its displayed name, so that its figures stay in one
 * series.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}.
 */
public final class LoopNames {

	private final Set<String> given = new HashSet<>();

	/**
	 * Name the loops that have started since the last time.
	 * @param entries all loops: the name of one depends on the names of those before it
	 */
	public LoopNames(List<LoopEntry> entries) {
		for (LoopEntry entry : entries) {
			String name = entry.name();
			if (name != null) {
				this.given.add(name);
			}
		}
		// Started loops first: a loop that has not started may expect the same name.
		for (LoopEntry entry : entries) {
			if (entry.name() == null && entry.isStarted()) {
				entry.setName(unique(entry.loop().name()));
			}
		}
	}

	/**
	 * Return all loops by their names.
	 * @param entries all loops
	 * @return the loops as listeners identify them
	 */
	public static Map<String, MonitoredLoop> namedLoops(List<LoopEntry> entries) {
		LoopNames names = new LoopNames(entries);
		Map<String, MonitoredLoop> loops = new HashMap<>();
		entries.forEach((entry) -> loops.put(names.of(entry), entry.loop().loop()));
		return loops;
	}

	/**
	 * Return the name of one of all loops.
	 * @param loop the loop as listeners identify it
	 * @param entries all loops
	 * @return the name, which is that of the thread if the loop is not one of them
	 */
	public static String nameOf(MonitoredLoop loop, List<LoopEntry> entries) {
		for (Map.Entry<String, MonitoredLoop> named : namedLoops(entries).entrySet()) {
			if (named.getValue() == loop) {
				return named.getKey();
			}
		}
		return loop.name();
	}

	/**
	 * Return the name of a loop. Called once for each loop, in their order.
	 * @param entry the loop
	 * @return the name, which is preliminary until the loop has started
	 */
	public String of(LoopEntry entry) {
		String name = entry.name();
		return (name != null) ? name : unique(entry.loop().name());
	}

	private String unique(String name) {
		String unique = name;
		for (int i = 2; !this.given.add(unique); i++) {
			unique = name + "#" + i;
		}
		return unique;
	}

}
