package io.github.eventloop.autoconfigure;

import java.util.function.BooleanSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSource;

/**
 * Registers loop resources other than the global ones with the monitor, each time the
 * context is started: a restarted factory creates new ones.
 */
class LoopResourcesRegistrar implements SmartLifecycle {

	/** Right after {@link ReactorResourceFactory}, long before the web server. */
	private static final int PHASE = 1;

	private static final Log logger = LogFactory.getLog(LoopResourcesRegistrar.class);

	private final EventLoopMonitor monitor;

	private final ObjectProvider<ReactorResourceFactory> factories;

	/** Whether the {@link ExternalLoopsRegistrar} monitors external loops. */
	private final BooleanSupplier externalMonitored;

	/** Volatile: the context may be started and stopped by different threads. */
	private volatile boolean running;

	LoopResourcesRegistrar(EventLoopMonitor monitor, ObjectProvider<ReactorResourceFactory> factories,
			BooleanSupplier externalMonitored) {
		this.monitor = monitor;
		this.factories = factories;
		this.externalMonitored = externalMonitored;
	}

	@Override
	public void start() {
		this.factories.stream().filter((factory) -> !factory.isUseGlobalResources()).forEach(this::register);
		this.running = true;
	}

	private void register(ReactorResourceFactory factory) {
		LoopResources resources = factory.getLoopResources();
		if (resources instanceof LoopSource source) {
			this.monitor.addSource(source);
		}
		else if (!this.externalMonitored.getAsBoolean()) {
			logger.info("A ReactorResourceFactory has external event loops, which are not monitored: " + resources
					+ ". To monitor them, create them with MonitoredLoopResources.create(…).");
		}
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
