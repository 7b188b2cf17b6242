package io.github.eventloop.autoconfigure;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSource;

/**
 * Event loops of each {@link ReactorResourceFactory} that does not use the global
 * resources. Loaded only where Reactor Netty and Spring's web module are present.
 */
final class FactoryLoops {

	/** That of the class that applications know. */
	private static final Log logger = LogFactory.getLog(LoopResourcesRegistrar.class);

	private FactoryLoops() {
	}

	static void addTo(EventLoopMonitor monitor, BeanFactory beanFactory) {
		for (ReactorResourceFactory factory : beanFactory.getBeanProvider(ReactorResourceFactory.class)) {
			if (!factory.isUseGlobalResources()) {
				boolean externalMonitored = beanFactory.containsBean("eventLoopExternalLoopsRegistrar");
				add(factory.getLoopResources(), externalMonitored, monitor);
			}
		}
	}

	private static void add(LoopResources resources, boolean externalMonitored, EventLoopMonitor monitor) {
		if (resources instanceof LoopSource source) {
			monitor.addSource(source);
		}
		else if (!externalMonitored) {
			logger.info("A ReactorResourceFactory has external event loops, which are not measured: " + resources
					+ ". To measure them, create them with MonitoredLoopResources.create(…).");
		}
	}

}
