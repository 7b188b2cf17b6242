package io.github.eventloop.autoconfigure;

import org.apache.commons.logging.Log;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;

/**
 * {@link EnvironmentPostProcessor} that lets Netty use the extension that discovers event
 * loops. Netty reads its system property when it creates the first channel, which is
 * before the context is started in many applications. A value that is already set is
 * kept.
 */
class LoopDiscoveryEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	/** System property of Netty, which applies to all extensions on the class path. */
	static final String NETTY_PROPERTY = "io.netty.bootstrap.extensions";

	private static final String NETTY_CLASS = "io.netty.bootstrap.ChannelInitializerExtension";

	static final String DISCOVERY_PROPERTY = "eventloop.foreign.discovery";

	private final Log logger;

	LoopDiscoveryEnvironmentPostProcessor(DeferredLogFactory logFactory) {
		this.logger = logFactory.getLog(LoopDiscoveryEnvironmentPostProcessor.class);
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (System.getProperty(NETTY_PROPERTY) == null
				&& ClassUtils.isPresent(NETTY_CLASS, application.getClassLoader()) && isEnabled(environment)) {
			System.setProperty(NETTY_PROPERTY, "serviceload");
			this.logger.debug("Set the system property " + NETTY_PROPERTY + " to 'serviceload', so that external event "
					+ "loops are discovered. Netty loads all of its ChannelInitializerExtensions on the class path. To "
					+ "avoid this, set " + DISCOVERY_PROPERTY + "=false.");
		}
	}

	private static boolean isEnabled(ConfigurableEnvironment environment) {
		try {
			return OnEventLoopEnabledCondition.isEnabled(environment)
					&& OnEventLoopEnabledCondition.isTrue(environment, ExternalLoopsRegistrar.ENABLED_PROPERTY, true)
					&& OnEventLoopEnabledCondition.isTrue(environment, DISCOVERY_PROPERTY, true);
		}
		catch (BindException ex) {
			// Logging is not set up yet. The next component that binds the value reports
			// it.
			return false;
		}
	}

	/** Run after all post-processors that load the user's configuration. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
