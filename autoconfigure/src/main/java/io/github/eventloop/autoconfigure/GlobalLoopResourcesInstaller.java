package io.github.eventloop.autoconfigure;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.client.ReactorResourceFactory;

import io.github.eventloop.netty.GlobalLoopResources;

/**
 * Puts monitored loops behind Reactor Netty's global resources before anything uses them:
 * before a {@link ReactorResourceFactory} can be asked for them the first time, and again
 * before everything else when the context is restarted, for stopping it ended the loops.
 */
class GlobalLoopResourcesInstaller implements BeanPostProcessor, SmartLifecycle {

	/** Volatile: the context may be started and stopped by different threads. */
	private volatile boolean running;

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof ReactorResourceFactory) {
			GlobalLoopResources.install();
		}
		return bean;
	}

	@Override
	public void start() {
		GlobalLoopResources.install();
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
