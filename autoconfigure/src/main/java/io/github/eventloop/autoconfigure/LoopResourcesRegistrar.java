package io.github.eventloop.autoconfigure;

import java.util.List;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.ClassUtils;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSource;
import io.github.eventloop.netty.internal.GlobalLoopResources;

/**
 * Adds all monitored loops to the monitor, which may be one of the application, and
 * starts it. Happens each time the context is started, because a restarted factory
 * creates new loops.
 */
class LoopResourcesRegistrar implements SmartLifecycle {

	/** Right after the factory of Reactor Netty, long before the web server. */
	private static final int PHASE = 1;

	private static final boolean REACTOR_NETTY_PRESENT = isPresent("reactor.netty.http.HttpResources");

	private static final boolean FACTORY_PRESENT = REACTOR_NETTY_PRESENT
			&& isPresent("org.springframework.http.client.ReactorResourceFactory");

	/** Always the same, because a monitor ignores a source that it has already. */
	private static final LoopSource GLOBAL_LOOPS = REACTOR_NETTY_PRESENT ? GlobalLoopResources::loops : List::of;

	private final EventLoopMonitor monitor;

	private final ObjectProvider<LoopSource> sources;

	private final BeanFactory beanFactory;

	/** Volatile: the context may be started and stopped by different threads. */
	private volatile boolean running;

	LoopResourcesRegistrar(EventLoopMonitor monitor, ObjectProvider<LoopSource> sources, BeanFactory beanFactory) {
		this.monitor = monitor;
		this.sources = sources;
		this.beanFactory = beanFactory;
	}

	private static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, LoopResourcesRegistrar.class.getClassLoader());
	}

	static void addSources(EventLoopMonitor monitor, ObjectProvider<LoopSource> sources) {
		monitor.addSource(GLOBAL_LOOPS);
		for (LoopSource source : sources.orderedStream().toList()) {
			monitor.addSource(source);
		}
	}

	@Override
	public void start() {
		addSources(this.monitor, this.sources);
		this.monitor.start();
		if (FACTORY_PRESENT) {
			FactoryLoops.addTo(this.monitor, this.beanFactory);
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
		return PHASE;
	}

}
