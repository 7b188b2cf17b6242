package io.github.eventloop.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * Installs monitored loops as Reactor Netty's global resources before the application
 * uses them, if the context has a {@link ReactorResourceFactory} that uses the global
 * resources. Installs them before the factory is initialized, and again before any other
 * component starts when the context is restarted, because stopping the factory shuts the
 * loops down.
 */
class GlobalLoopResourcesInstaller implements BeanPostProcessor, SmartLifecycle {

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
		GlobalLoops.install(this.properties.getObject());
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
