package io.github.eventloop.autoconfigure;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.netty.internal.GlobalLoopResources;

/**
 * The loops that all contexts of the JVM share, as the properties of one of them request.
 */
final class GlobalLoops {

	private static final Log logger = LogFactory.getLog(GlobalLoopsInstaller.class);

	private GlobalLoops() {
	}

	static void install(EventLoopProperties requested) {
		MonitoredLoopResources installed = GlobalLoopResources.install(requested.getAcceptor().isDedicated(),
				requested.getPlacement());
		if (installed.placement() != requested.getPlacement()
				|| (requested.getAcceptor().isDedicated() && !installed.hasDedicatedAcceptor())) {
			logger.warn("eventloop.placement and eventloop.acceptor.dedicated have no effect: the event loops "
					+ "that all contexts of this JVM share have already been created, as " + installed
					+ ", by another context or by the JUnit extension. Set both properties to the same values in all "
					+ "contexts.");
		}
	}

}
