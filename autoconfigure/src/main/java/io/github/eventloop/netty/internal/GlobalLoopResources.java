package io.github.eventloop.netty.internal;

import java.util.List;

import org.jspecify.annotations.Nullable;
import reactor.netty.http.HttpResources;

import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.netty.Placement;

/**
 * Monitored event loops for Reactor Netty's global {@link HttpResources}, which all
 * servers, clients and application contexts of a JVM share. Thread-safe.
 */
public final class GlobalLoopResources {

	/** Same prefix as the default resources of Reactor Netty. */
	private static final String PREFIX = "reactor-http";

	/**
	 * The most recently installed resources. Volatile: read by any thread, written under
	 * the lock of this class.
	 */
	private static volatile @Nullable MonitoredLoopResources installed;

	private GlobalLoopResources() {
	}

	/**
	 * Make the global resources use monitored loops, unless they already do. If the
	 * global resources were used before, Reactor Netty logs that it replaces their loops.
	 * Disposing of the global resources, as a Spring context does when it is closed, also
	 * disposes of the monitored loops; calling this method again installs new ones.
	 * @param dedicatedAcceptor whether connections are accepted by a dedicated loop
	 * @param placement how a loop is chosen for a new connection
	 * @return the installed resources; if they were installed before, they may differ
	 * from the arguments
	 */
	public static synchronized MonitoredLoopResources install(boolean dedicatedAcceptor, Placement placement) {
		MonitoredLoopResources current = installed;
		if (current == null || current.isDisposed()) {
			MonitoredLoopResources.Builder builder = MonitoredLoopResources.builder(PREFIX).placement(placement);
			current = (dedicatedAcceptor ? builder.dedicatedAcceptor() : builder).build();
			HttpResources.set(current);
			installed = current;
		}
		return current;
	}

	/**
	 * Return the monitored loops behind the global resources.
	 * @return the loops, empty if they are not installed or have not been used
	 */
	public static List<MonitoredLoop> loops() {
		MonitoredLoopResources current = installed;
		return (current != null && !current.isExhausted()) ? current.loops() : List.of();
	}

}
