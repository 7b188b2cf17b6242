package io.github.eventloop.netty;

import java.util.List;

import org.jspecify.annotations.Nullable;
import reactor.netty.http.HttpResources;

import io.github.eventloop.monitor.MonitoredLoop;

/**
 * The loops behind Reactor Netty's global {@link HttpResources}, which servers, clients
 * and the contexts of one JVM share. Thread-safe.
 *
 * @since 0.1.0
 */
public final class GlobalLoopResources {

	/** What Reactor Netty calls its own. */
	private static final String PREFIX = "reactor-http";

	/**
	 * The resources that were installed last. Volatile: read by any thread, written under
	 * the lock of this class.
	 */
	private static volatile @Nullable MonitoredLoopResources installed;

	private GlobalLoopResources() {
	}

	/**
	 * Make the global resources use monitored loops, unless they do. Where somebody has
	 * used the global resources before, Reactor Netty says in its log that it replaces
	 * their loops. Whoever ends the global resources, as a Spring context does when it is
	 * closed, ends our loops with them; calling this again then installs new ones.
	 * @param dedicatedAcceptor whether connections are to be accepted by a loop that does
	 * nothing else
	 * @param placement which loop a new connection is to be given to
	 * @return the installed loops, which are as asked only if they were not there before
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
	 * @return the loops; none if they are not installed or nobody has used them
	 */
	public static List<MonitoredLoop> loops() {
		MonitoredLoopResources current = installed;
		return (current != null && !current.isExhausted()) ? current.loops() : List.of();
	}

}
