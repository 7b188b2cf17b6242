package io.github.eventloop.autoconfigure;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;

import io.github.eventloop.monitor.EventLoopMonitor;

/**
 * {@link ManagementContextConfiguration} that serves a separate management port on an
 * event loop of its own. Spring Boot would serve it on the application's loops, where a
 * probe waits behind the code that blocks them.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnClass(NettyReactiveWebServerFactory.class)
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnBean(EventLoopMonitor.class)
@ConditionalOnEventLoopEnabled(value = "eventloop.management.isolated", matchIfMissing = true)
class EventLoopManagementContextConfiguration {

	@Bean
	ManagementLoop eventLoopManagementLoop(EventLoopMonitor monitor) {
		return new ManagementLoop(monitor);
	}

}
