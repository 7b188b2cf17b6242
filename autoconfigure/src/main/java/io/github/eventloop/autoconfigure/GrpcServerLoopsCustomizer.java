package io.github.eventloop.autoconfigure;

import io.grpc.netty.NettyServerBuilder;
import org.springframework.core.env.Environment;
import org.springframework.grpc.server.ServerBuilderCustomizer;

import io.github.eventloop.drivers.GrpcLoops;

/**
 * Makes gRPC servers use monitored loops, unless they listen on a Unix domain socket. A
 * class rather than a lambda expression: Spring calls it only for the builders that its
 * type argument names.
 */
class GrpcServerLoopsCustomizer implements ServerBuilderCustomizer<NettyServerBuilder> {

	private static final String DOMAIN_SOCKET = "spring.grpc.server.netty.domain-socket-path";

	private final GrpcLoops loops;

	private final Environment environment;

	GrpcServerLoopsCustomizer(GrpcLoops loops, Environment environment) {
		this.loops = loops;
		this.environment = environment;
	}

	@Override
	public void customize(NettyServerBuilder builder) {
		if (!this.environment.containsProperty(DOMAIN_SOCKET)) {
			DriverGuard.run("gRPC servers", "eventloop.drivers.grpc.enabled", () -> this.loops.configure(builder));
		}
	}

}
