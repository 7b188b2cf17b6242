package io.github.eventloop.autoconfigure;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.client.ReactorResourceFactory;

import io.github.eventloop.netty.GlobalLoopResources;

/**
 * Puts monitored loops behind Reactor Netty's global resources before the application
 * uses them, unless it has no {@link ReactorResourceFactory} that would: before that
 * factory can be asked for them the first time, and again before everything else when the
 * context is restarted, for stopping it ended the loops.
 */
class GlobalLoopResourcesInstaller implements BeanPostProcessor, SmartLifecycle {

	/** Volatile: whichever thread makes the factory, and whichever starts the context. */
	private volatile boolean needed;

	/** Volatile: the context may be started and stopped by different threads. */
	private volatile boolean running;

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof ReactorResourceFactory factory && factory.isUseGlobalResources()) {
			this.needed = true;
			GlobalLoopResources.install();
		}
		return bean;
	}

	@Override
	public void start() {
		if (this.needed) {
			GlobalLoopResources.install();
		}
		this.running = true;
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
