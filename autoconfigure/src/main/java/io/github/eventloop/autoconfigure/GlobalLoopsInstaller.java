package io.github.eventloop.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.util.ClassUtils;

/**
 * Installs monitored loops as Reactor Netty's global resources before the application
 * uses them.
 * <p>
 * If the context has a {@link ReactorResourceFactory} that uses the global resources, it
 * installs them before the factory is initialized, and again before any other component
 * starts when the context is restarted, because stopping the factory shuts the loops
 * down.
 * <p>
 * If the context has no such factory, as in an application with clients but without a
 * reactive web server, it installs them before any bean is created, because beans may
 * connect while they are initialized. As without this library, these loops are not
 * disposed of.
 */
class GlobalLoopsInstaller implements BeanFactoryPostProcessor, BeanPostProcessor, SmartLifecycle {

	private static final boolean SPRING_WEB_PRESENT = ClassUtils.isPresent(
			"org.springframework.http.client.ReactorResourceFactory", GlobalLoopsInstaller.class.getClassLoader());

	private final Environment environment;

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

	GlobalLoopsInstaller(Environment environment, ObjectProvider<EventLoopProperties> properties) {
		this.environment = environment;
		this.properties = properties;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (!SPRING_WEB_PRESENT || !Factory.isDefinedIn(beanFactory)) {
			// The bean cannot be used yet, as its post-processor is not active.
			GlobalLoops.install(Binder.get(this.environment).bindOrCreate("eventloop", EventLoopProperties.class));
		}
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (SPRING_WEB_PRESENT && Factory.usesGlobalLoops(bean)) {
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

	/** Loaded only where Spring's web module is present. */
	private static final class Factory {

		/** The name comes first, because a search by type looks at all beans. */
		private static boolean isDefinedIn(ConfigurableListableBeanFactory beanFactory) {
			return beanFactory.containsBeanDefinition("eventLoopReactorResourceFactory")
					|| beanFactory.getBeanNamesForType(ReactorResourceFactory.class, true, false).length > 0;
		}

		private static boolean usesGlobalLoops(Object bean) {
			return bean instanceof ReactorResourceFactory factory && factory.isUseGlobalResources();
		}

	}

}
