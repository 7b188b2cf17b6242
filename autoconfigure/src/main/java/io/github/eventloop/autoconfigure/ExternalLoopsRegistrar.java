package io.github.eventloop.autoconfigure;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.channel.EventLoopGroup;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.Transport;

import io.github.eventloop.monitor.LoopSource;
import io.github.eventloop.netty.ExternalLoops;

/**
 * {@link BeanPostProcessor} that collects beans with external event loops, and registers
 * their loops once the context is started: until then, resources may still be configured.
 * Beans are collected as they are created, so that none is created only for this purpose.
 * Then also starts the discovery of loops that are not beans.
 */
class ExternalLoopsRegistrar implements BeanPostProcessor, SmartLifecycle {

	/** Right after {@link ReactorResourceFactory}, long before the web server. */
	private static final int PHASE = 1;

	private static final Log logger = LogFactory.getLog(ExternalLoopsRegistrar.class);

	/**
	 * Resolved lazily: post-processors are created before the beans that they process.
	 */
	private final ObjectProvider<ExternalLoops> loops;

	private final boolean discovery;

	/** Concurrent, because beans may be created by any thread. */
	private final Map<String, Object> beans = new ConcurrentHashMap<>();

	/** Volatile: the context may be started and stopped by different threads. */
	private volatile boolean running;

	ExternalLoopsRegistrar(ObjectProvider<ExternalLoops> loops, boolean discovery) {
		this.loops = loops;
		this.discovery = discovery;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof EventLoopGroup || bean instanceof LoopResources || bean instanceof ReactorResourceFactory
				|| bean instanceof Transport) {
			this.beans.put(beanName, bean);
			if (this.running) {
				register(beanName, bean);
			}
		}
		return bean;
	}

	@Override
	public void start() {
		// In this order, so that a bean that is created concurrently is registered here,
		// by the post-processing, or by both.
		this.running = true;
		// Loops are registered once: as those of their own bean, if there is one, rather
		// than of a client that uses them, and discovered only if there is neither.
		this.beans.entrySet()
			.stream()
			.sorted(Comparator.comparing((bean) -> bean.getValue() instanceof Transport))
			.forEach((bean) -> register(bean.getKey(), bean.getValue()));
		if (this.discovery) {
			this.loops.getObject().discover();
		}
	}

	private void register(String beanName, Object bean) {
		try {
			if (bean instanceof ReactorResourceFactory factory) {
				if (!factory.isUseGlobalResources()) {
					register(beanName, factory.getLoopResources());
				}
			}
			else if (bean instanceof LoopResources resources) {
				if (!(bean instanceof LoopSource) && this.loops.getObject().add(beanName, resources)) {
					logExternalLoops(beanName, bean);
				}
			}
			else if (bean instanceof Transport<?, ?> transport) {
				if (this.loops.getObject().add(beanName, transport)) {
					logExternalLoops(beanName, bean);
				}
			}
			else if (this.loops.getObject().add(beanName, (EventLoopGroup) bean)) {
				logExternalLoops(beanName, bean);
			}
		}
		catch (RuntimeException ex) {
			logger.warn("The event loops of the bean '" + beanName + "' cannot be monitored", ex);
		}
	}

	private static void logExternalLoops(String beanName, Object loops) {
		logger.info("The bean '" + beanName + "' has external event loops, which are measured approximately: " + loops
				+ ". To measure them exactly, create them with MonitoredLoopResources.create(…).");
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
