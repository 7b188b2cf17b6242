package io.github.eventloop.autoconfigure;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.util.ClassUtils;

/**
 * Installs monitored loops as Reactor Netty's global resources if the context has no
 * {@link ReactorResourceFactory}, so that {@link GlobalLoopResourcesInstaller} does not
 * apply: for clients in applications without a reactive web server. A post-processor of
 * the bean factory, because beans may connect while they are initialized. As without this
 * library, nobody disposes of the loops.
 */
class ClientLoopsInstaller implements BeanFactoryPostProcessor {

	private static final boolean SPRING_WEB_PRESENT = ClassUtils.isPresent(
			"org.springframework.http.client.ReactorResourceFactory", ClientLoopsInstaller.class.getClassLoader());

	private final Environment environment;

	ClientLoopsInstaller(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (!SPRING_WEB_PRESENT || !Factory.isDefinedIn(beanFactory)) {
			// The bean cannot be used yet, as its post-processor is not active.
			GlobalLoops.install(Binder.get(this.environment).bindOrCreate("eventloop", EventLoopProperties.class));
		}
	}

	/** Loaded only where Spring's web module is present. */
	private static final class Factory {

		private static boolean isDefinedIn(ConfigurableListableBeanFactory beanFactory) {
			return beanFactory.getBeanNamesForType(ReactorResourceFactory.class, true, false).length > 0;
		}

	}

}
