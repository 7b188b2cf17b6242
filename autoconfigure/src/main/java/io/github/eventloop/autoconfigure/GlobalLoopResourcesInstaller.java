package io.github.eventloop.autoconfigure;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.client.ReactorResourceFactory;

import io.github.eventloop.netty.GlobalLoopResources;
import io.github.eventloop.netty.MonitoredLoopResources;

/**
 * Puts monitored loops behind Reactor Netty's global resources before the application
 * uses them, unless it has no {@link ReactorResourceFactory} that would: before that
 * factory can be asked for them the first time, and again before everything else when the
 * context is restarted, for stopping it ended the loops.
 */
class GlobalLoopResourcesInstaller implements BeanPostProcessor, SmartLifecycle {

	private static final Log logger = LogFactory.getLog(GlobalLoopResourcesInstaller.class);

	/**
	 * Asked when it is needed: post-processors come before the beans that they process.
	 */
	private final ObjectProvider<EventLoopProperties> properties;

	/** Volatile: whichever thread makes the factory, and whichever starts the context. */
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
		EventLoopProperties asked = this.properties.getObject();
		MonitoredLoopResources installed = GlobalLoopResources.install(asked.getAcceptor().isDedicated(),
				asked.getPlacement());
		if (installed.placement() != asked.getPlacement()
				|| (asked.getAcceptor().isDedicated() && !installed.hasDedicatedAcceptor())) {
			logger.warn("eventloop.placement and eventloop.acceptor.dedicated have no effect here: "
					+ "the event loops that all contexts of this JVM share were made before, as " + installed
					+ ", by another context or by the extension for tests. Set both properties alike in all contexts.");
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
