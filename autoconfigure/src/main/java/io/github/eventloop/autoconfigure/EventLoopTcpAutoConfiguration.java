package io.github.eventloop.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import reactor.netty.tcp.TcpResources;
import reactor.netty.udp.UdpResources;

import io.github.eventloop.drivers.DriverLoops;
import io.github.eventloop.drivers.GlobalTcpLoops;
import io.github.eventloop.monitor.LoopSource;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for monitoring the event loops that
 * Reactor Netty's clients and servers for TCP and UDP share, such as R2DBC drivers and
 * RSocket.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EventLoopDriversAutoConfiguration.class)
@ConditionalOnClass({ TcpResources.class, UdpResources.class })
@ConditionalOnEventLoopEnabled(value = "eventloop.drivers.tcp.enabled", matchIfMissing = true)
@ConditionalOnBean(DriverLoops.class)
public final class EventLoopTcpAutoConfiguration {

	@Bean
	static GlobalTcpLoopsInstaller eventLoopGlobalTcpLoopsInstaller(Environment environment) {
		return new GlobalTcpLoopsInstaller(environment);
	}

	@Bean
	LoopSource eventLoopGlobalTcpLoops() {
		return GlobalTcpLoops::loops;
	}

}
