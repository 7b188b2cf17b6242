package io.github.eventloop.autoconfigure;

import io.grpc.netty.NettyChannelBuilder;
import org.springframework.grpc.client.GrpcChannelBuilderCustomizer;

import io.github.eventloop.drivers.GrpcLoops;

/**
 * Makes gRPC clients use monitored loops, unless they connect to a Unix domain socket. A
 * class rather than a lambda expression: Spring calls it only for the builders that its
 * type argument names.
 */
class GrpcClientLoopsCustomizer implements GrpcChannelBuilderCustomizer<NettyChannelBuilder> {

	private final GrpcLoops loops;

	GrpcClientLoopsCustomizer(GrpcLoops loops) {
		this.loops = loops;
	}

	@Override
	public void customize(String target, NettyChannelBuilder builder) {
		if (!target.startsWith("unix:")) {
			DriverGuard.run("gRPC clients", "eventloop.drivers.grpc.enabled", () -> this.loops.configure(builder));
		}
	}

}
