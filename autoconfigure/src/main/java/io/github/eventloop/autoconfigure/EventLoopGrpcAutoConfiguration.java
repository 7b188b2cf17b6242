package io.github.eventloop.autoconfigure;

import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.grpc.client.GrpcChannelBuilderCustomizer;
import org.springframework.grpc.server.ServerBuilderCustomizer;

import io.github.eventloop.drivers.DriverLoops;
import io.github.eventloop.drivers.GrpcLoops;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for monitoring the event loops of
 * gRPC on Netty, of servers and clients.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EventLoopDriversAutoConfiguration.class)
@ConditionalOnClass({ NettyServerBuilder.class, NettyChannelBuilder.class })
@ConditionalOnEventLoopEnabled(value = "eventloop.drivers.grpc.enabled", matchIfMissing = true)
@ConditionalOnBean(DriverLoops.class)
public final class EventLoopGrpcAutoConfiguration {

	@Bean(destroyMethod = "close")
	GrpcLoops eventLoopGrpcLoops(DriverLoops loops) {
		return new GrpcLoops(loops);
	}

	// The customizers of the application come later, and take precedence.

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ServerBuilderCustomizer.class)
	static class ServerConfiguration {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		GrpcServerLoopsCustomizer eventLoopGrpcServerLoopsCustomizer(GrpcLoops loops, Environment environment) {
			return new GrpcServerLoopsCustomizer(loops, environment);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(GrpcChannelBuilderCustomizer.class)
	static class ClientConfiguration {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		GrpcClientLoopsCustomizer eventLoopGrpcClientLoopsCustomizer(GrpcLoops loops) {
			return new GrpcClientLoopsCustomizer(loops);
		}

	}

}
