package io.github.eventloop.autoconfigure;

import java.util.function.BooleanSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSource;

/**
 * Event loops of each {@link ReactorResourceFactory} that does not use the global
 * resources.
 */
class FactoryLoops {

	/** That of the class that applications know. */
	private static final Log logger = LogFactory.getLog(LoopResourcesRegistrar.class);

	private final ObjectProvider<ReactorResourceFactory> factories;

	/** Whether the {@link ExternalLoopsRegistrar} monitors external loops. */
	private final BooleanSupplier externalMonitored;

	FactoryLoops(ObjectProvider<ReactorResourceFactory> factories, BooleanSupplier externalMonitored) {
		this.factories = factories;
		this.externalMonitored = externalMonitored;
	}

	void addTo(EventLoopMonitor monitor) {
		this.factories.stream()
			.filter((factory) -> !factory.isUseGlobalResources())
			.forEach((factory) -> add(factory.getLoopResources(), monitor));
	}

	private void add(LoopResources resources, EventLoopMonitor monitor) {
		if (resources instanceof LoopSource source) {
			monitor.addSource(source);
		}
		else if (!this.externalMonitored.getAsBoolean()) {
			logger.info("A ReactorResourceFactory has external event loops, which are not measured: " + resources
					+ ". To measure them, create them with MonitoredLoopResources.create(…).");
		}
	}

}
