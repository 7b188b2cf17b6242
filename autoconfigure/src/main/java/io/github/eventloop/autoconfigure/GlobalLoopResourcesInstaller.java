package io.github.eventloop.autoconfigure;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.client.ReactorResourceFactory;

import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.netty.internal.GlobalLoopResources;

/**
 * Installs monitored loops as Reactor Netty's global resources before the application
 * uses them, if the context has a {@link ReactorResourceFactory} that uses the global
 * resources. Installs them before the factory is initialized, and again before any other
 * component starts when the context is restarted, because stopping the factory shuts the
 * loops down.
 */
class GlobalLoopResourcesInstaller implements BeanPostProcessor, SmartLifecycle {

	private static final Log logger = LogFactory.getLog(GlobalLoopResourcesInstaller.class);

	/**
	 * Resolved lazily: post-processors are created before the beans that they process.
	 */
	private final ObjectProvider<EventLoopProperties> properties;

	/**
	 * Volatile: the factory may be created and the context started by different threads.
	 */
	private volatile boolean needed;

	/** Volatile: the context may be started and stopped by different threads. */
	private volatile boolean running;

	GlobalLoopResourcesInstaller(ObjectProvider<EventLoopProperties> properties) {
		this.properties = properties;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof ReactorResourceFactory factory && factory.isUseGlobalResources()) {
			this.needed = true;
			install();
		}
		return bean;
	}

	@Override
	public void start() {
		if (this.needed) {
			install();
		}
		this.running = true;
	}

	private void install() {
		EventLoopProperties requested = this.properties.getObject();
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
		return Integer.MIN_VALUE;
	}

}
