package io.github.eventloop.monitor.internal.loop;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopMonitor;

/**
 * Number of connections that wait until a loop accepts them.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}.
 */
public final class ConnectionsWaiting {

	private final IsolatedLoop loop;

	/** The number at the end of the last second, or {@code null} if it is unknown. */
	private @Nullable Integer number;

	ConnectionsWaiting(IsolatedLoop loop) {
		this.loop = loop;
	}

	/**
	 * Return the ports at which connections may be waiting to be accepted. There are none
	 * while the loop waits in its poll.
	 * @return the ports to poll, or an empty set if that is not needed
	 */
	public Set<Integer> portsToPoll() {
		Set<Integer> ports = this.loop.listeningPorts();
		boolean needless = ports.isEmpty() || (this.number != null && this.loop.view().read().busyNanos() == 0);
		return needless ? Set.of() : ports;
	}

	/**
	 * Record how many connections are waiting to be accepted.
	 * @param polledPorts the ports of all loops that were polled
	 * @param waiting the number by port, for the ports where it is known
	 */
	public void record(Set<Integer> polledPorts, Map<Integer, Integer> waiting) {
		Set<Integer> ports = this.loop.listeningPorts();
		if (ports.isEmpty()) {
			this.number = null;
			return;
		}
		if (this.number != null && Collections.disjoint(polledPorts, ports)) {
			this.number = 0;
			return;
		}
		this.number = ports.stream().map(waiting::get).filter(Objects::nonNull).reduce(Integer::sum).orElse(null);
	}

	/**
	 * Return the number at the end of the last second.
	 * @return the number, or {@code null} if it is unknown
	 */
	@Nullable Integer number() {
		return this.number;
	}

}
