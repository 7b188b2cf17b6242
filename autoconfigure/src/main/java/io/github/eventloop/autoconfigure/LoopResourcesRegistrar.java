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
import io.github.eventloop.netty.internal.GlobalLoopResources;

/**
 * Adds all monitored loops to the monitor, which may be one of the application, and
 * starts it. Happens each time the context is started, because a restarted factory
 * creates new loops.
 */
class LoopResourcesRegistrar implements SmartLifecycle {

	/** Right after {@link ReactorResourceFactory}, long before the web server. */
	private static final int PHASE = 1;

	private static final Log logger = LogFactory.getLog(LoopResourcesRegistrar.class);

	/** Always the same, because a monitor ignores a source that it has already. */
	private static final LoopSource GLOBAL_LOOPS = GlobalLoopResources::loops;

	private final EventLoopMonitor monitor;

	private final ObjectProvider<LoopSource> sources;

	private final ObjectProvider<ReactorResourceFactory> factories;

	/** Whether the {@link ExternalLoopsRegistrar} monitors external loops. */
	private final BooleanSupplier externalMonitored;

	/** Volatile: the context may be started and stopped by different threads. */
	private volatile boolean running;

	LoopResourcesRegistrar(EventLoopMonitor monitor, ObjectProvider<LoopSource> sources,
			ObjectProvider<ReactorResourceFactory> factories, BooleanSupplier externalMonitored) {
		this.monitor = monitor;
		this.sources = sources;
		this.factories = factories;
		this.externalMonitored = externalMonitored;
	}

	static void addSources(EventLoopMonitor monitor, ObjectProvider<LoopSource> sources) {
		monitor.addSource(GLOBAL_LOOPS);
		sources.orderedStream().forEach(monitor::addSource);
	}

	@Override
	public void start() {
		addSources(this.monitor, this.sources);
		this.monitor.start();
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
