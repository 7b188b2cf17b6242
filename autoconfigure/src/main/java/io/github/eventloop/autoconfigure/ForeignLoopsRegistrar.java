package io.github.eventloop.autoconfigure;

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

import io.github.eventloop.monitor.LoopSource;
import io.github.eventloop.netty.ForeignLoops;

/**
 * Notes which beans bring event loops that are not ours, and has them watched when the
 * context is started: until then, resources may still be set up. Sees beans when they are
 * made, so that none is made for its sake.
 */
class ForeignLoopsRegistrar implements BeanPostProcessor, SmartLifecycle {

	/** Right after {@link ReactorResourceFactory}, long before the web server. */
	private static final int PHASE = 1;

	private static final Log logger = LogFactory.getLog(ForeignLoopsRegistrar.class);

	/**
	 * Asked when it is needed: post-processors come before the beans that they process.
	 */
	private final ObjectProvider<ForeignLoops> loops;

	/** Thread-safe: beans may be made by any thread. */
	private final Map<String, Object> beans = new ConcurrentHashMap<>();

	/** Volatile: the context may be started and stopped by different threads. */
	private volatile boolean running;

	ForeignLoopsRegistrar(ObjectProvider<ForeignLoops> loops) {
		this.loops = loops;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof EventLoopGroup || bean instanceof LoopResources || bean instanceof ReactorResourceFactory) {
			this.beans.put(beanName, bean);
			if (this.running) {
				watch(beanName, bean);
			}
		}
		return bean;
	}

	@Override
	public void start() {
		// In this order: a bean that is made meanwhile is seen by one of us, or by both.
		this.running = true;
		this.beans.forEach(this::watch);
	}

	private void watch(String beanName, Object bean) {
		try {
			if (bean instanceof ReactorResourceFactory factory) {
				if (!factory.isUseGlobalResources()) {
					watch(beanName, factory.getLoopResources());
				}
			}
			else if (bean instanceof LoopResources resources) {
				if (!(bean instanceof LoopSource) && this.loops.getObject().watch(beanName, resources)) {
					tell(beanName, bean);
				}
			}
			else if (this.loops.getObject().watch(beanName, (EventLoopGroup) bean)) {
				tell(beanName, bean);
			}
		}
		catch (RuntimeException ex) {
			logger.warn("The event loops of the bean '" + beanName + "' cannot be watched", ex);
		}
	}

	private static void tell(String beanName, Object loops) {
		logger.info("The bean '" + beanName + "' has event loops of its own, which are watched from outside and shown "
				+ "as approximate: " + loops
				+ ". To have them measured, make them with MonitoredLoopResources.create(…).");
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
