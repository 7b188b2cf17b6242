package io.github.eventloop.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

import io.github.eventloop.drivers.GlobalTcpLoops;

/**
 * Installs monitored loops as Reactor Netty's global resources for TCP and UDP. A
 * {@link BeanFactoryPostProcessor}, because some R2DBC drivers ask for these resources as
 * soon as their beans are created, and keep them.
 */
class GlobalTcpLoopsInstaller implements BeanFactoryPostProcessor {

	/** The R2DBC drivers that use the loops: others have none. */
	private static final List<String> R2DBC_DRIVERS = List.of("io.r2dbc.postgresql.PostgresqlConnectionFactory",
			"org.mariadb.r2dbc.MariadbConnectionFactory", "io.asyncer.r2dbc.mysql.MySqlConnectionFactory",
			"io.r2dbc.mssql.MssqlConnectionFactory");

	private final Environment environment;

	GlobalTcpLoopsInstaller(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		// The properties are not bound yet, as their post-processor is not active.
		boolean counted = OnEventLoopEnabledCondition.isTrue(this.environment, "eventloop.drivers.count-in-status",
				false);
		String component = component(beanFactory.getBeanClassLoader());
		DriverGuard.run("Reactor Netty's clients and servers for TCP and UDP", "eventloop.drivers.tcp.enabled",
				() -> GlobalTcpLoops.install(component, counted));
	}

	private static String component(@Nullable ClassLoader classLoader) {
		for (String driver : R2DBC_DRIVERS) {
			if (ClassUtils.isPresent(driver, classLoader)) {
				return "r2dbc";
			}
		}
		return "tcp";
	}

}
