package io.github.eventloop.autoconfigure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.channel.EventLoopGroup;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.util.ClassUtils;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpResources;
import reactor.netty.transport.Transport;
import reactor.netty.udp.UdpResources;

import io.github.eventloop.monitor.LoopSource;
import io.github.eventloop.netty.ExternalLoops;

/**
 * {@link BeanPostProcessor} that collects beans with external event loops, and registers
 * their loops once the context is started: until then, resources may still be configured.
 * Beans are collected as they are created, so that none is created only for this purpose.
 * Then also starts the discovery of loops that are not beans. Beans that build clients of
 * Reactor Netty are replaced by ones that also pass their clients to this class.
 */
class ExternalLoopsRegistrar implements BeanPostProcessor, SmartLifecycle {

	static final String ENABLED_PROPERTY = "eventloop.foreign.enabled";

	private static final boolean REACTOR_NETTY_PRESENT = isPresent("reactor.netty.resources.LoopResources")
			&& isPresent("org.springframework.http.client.ReactorResourceFactory");

	/** Right after {@link ReactorResourceFactory}, long before the web server. */
	private static final int PHASE = 1;

	private static final Log logger = LogFactory.getLog(ExternalLoopsRegistrar.class);

	/**
	 * Resolved lazily: post-processors are created before the beans that they process.
	 */
	private final ObjectProvider<ExternalLoops> loops;

	private final boolean discovery;

	/**
	 * Beans, and clients that were built by beans, with the names of the beans.
	 * Concurrent, because they may be created by any thread.
	 */
	private final Map<Object, String> beans = new ConcurrentHashMap<>();

	/** Volatile: the context may be started and stopped by different threads. */
	private volatile boolean running;

	ExternalLoopsRegistrar(ObjectProvider<ExternalLoops> loops, boolean discovery) {
		this.loops = loops;
		this.discovery = discovery;
	}

	private static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, ExternalLoopsRegistrar.class.getClassLoader());
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof EventLoopGroup || (REACTOR_NETTY_PRESENT && ReactorNetty.hasLoops(bean))) {
			collect(beanName, bean);
		}
		return HttpClientBuilders.isBuilder(bean)
				? HttpClientBuilders.observe(bean, (client) -> registerBuilt(beanName, client)) : bean;
	}

	/** Once it is registered, it is forgotten: there may be many. */
	private void registerBuilt(String beanName, Object client) {
		collect(beanName, client);
		if (this.running) {
			this.beans.remove(client);
		}
	}

	private void collect(String beanName, Object bean) {
		this.beans.put(bean, beanName);
		if (this.running) {
			register(beanName, bean);
		}
	}

	@Override
	public void start() {
		// In this order, so that a bean that is created concurrently is registered here,
		// by the post-processing, or by both.
		this.running = true;
		// Loops are registered once: as those of their own bean, if there is one, rather
		// than of a client that uses them, and discovered only if there is neither.
		List<Map.Entry<Object, String>> collected = new ArrayList<>(this.beans.entrySet());
		if (!collected.isEmpty()) {
			registerAll(collected);
		}
		if (this.discovery) {
			this.loops.getObject().discover();
		}
	}

	/**
	 * In the order of their names, so that a group has the same name after each start.
	 */
	private void registerAll(List<Map.Entry<Object, String>> beans) {
		beans.sort(Comparator.comparing((Map.Entry<Object, String> bean) -> isTransport(bean.getKey()))
			.thenComparing(Map.Entry::getValue));
		beans.forEach((bean) -> register(bean.getValue(), bean.getKey()));
	}

	private void register(String beanName, Object bean) {
		try {
			if (bean instanceof EventLoopGroup group) {
				add(beanName, bean, bean, List.of(group));
			}
			else {
				Object resources = ReactorNetty.resourcesOf(bean);
				if (resources != null) {
					add(beanName, bean, resources, ReactorNetty.groupsOf(resources));
				}
			}
		}
		catch (RuntimeException ex) {
			logger.warn("The event loops of the bean '" + beanName + "' cannot be measured", ex);
		}
	}

	private void add(String beanName, Object bean, Object loops, List<EventLoopGroup> groups) {
		ExternalLoops external = this.loops.getObject();
		boolean added = false;
		for (EventLoopGroup group : groups) {
			added |= isTransport(bean) ? external.addDriver(beanName, beanName, group) : external.add(beanName, group);
		}
		if (added) {
			logExternalLoops(beanName, loops);
		}
	}

	private static boolean isTransport(Object bean) {
		return REACTOR_NETTY_PRESENT && bean instanceof Transport;
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

	/** Loaded only where Reactor Netty and Spring's web module are present. */
	private static final class ReactorNetty {

		private static boolean hasLoops(Object bean) {
			return bean instanceof LoopResources || bean instanceof ReactorResourceFactory || bean instanceof Transport;
		}

		/**
		 * Return the resources of a bean, or {@code null} if they are global or
		 * monitored.
		 */
		private static @Nullable Object resourcesOf(Object bean) {
			if (bean instanceof ReactorResourceFactory factory) {
				return factory.isUseGlobalResources() ? null : resourcesOf(factory.getLoopResources());
			}
			Object resources = (bean instanceof Transport<?, ?> transport) ? transport.configuration().loopResources()
					: bean;
			boolean global = resources instanceof TcpResources || resources instanceof UdpResources;
			return (global || resources instanceof LoopSource) ? null : resources;
		}

		/** Return the server loops and those of their acceptors; clients share them. */
		private static List<EventLoopGroup> groupsOf(Object resources) {
			LoopResources loops = (LoopResources) resources;
			return List.of(loops.onServer(LoopResources.DEFAULT_NATIVE),
					loops.onServerSelect(LoopResources.DEFAULT_NATIVE));
		}

	}

}
