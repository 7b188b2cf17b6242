package io.github.eventloop.netty.internal;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ServerChannel;
import io.netty.handler.codec.http2.Http2StreamChannel;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Paces the requests of each connection of a server, so that a connection that sends many
 * requests at once cannot occupy its event loop for long: a few of them are handled in
 * one iteration, and the rest in the following ones, between which other connections are
 * served. Applies to pipelined requests of HTTP/1.1 and to streams of HTTP/2, on
 * monitored loops.
 * <p>
 * Stateless, and therefore thread-safe.
 */
public final class RequestPacing implements ConnectionObserver {

	/**
	 * Called by Reactor Netty. In state {@code CONFIGURED}, a request has been received
	 * and is about to be passed to the handlers after {@code HttpTrafficHandler}.
	 */
	@Override
	public void onStateChange(Connection connection, State newState) {
		if (newState == State.CONFIGURED && connection instanceof HttpServerRequest
				&& connection.channel().eventLoop() instanceof MonitoredEventLoop loop) {
			Channel channel = connection.channel();
			if (channel instanceof Http2StreamChannel stream) {
				StreamPacer.pace(stream, loop);
			}
			else if (channel.parent() instanceof ServerChannel) {
				pacePipelinedRequests(channel.pipeline(), loop);
			}
		}
	}

	private static void pacePipelinedRequests(ChannelPipeline pipeline, MonitoredEventLoop loop) {
		if (pipeline.get(PipelinedRequestPacer.NAME) == null
				&& pipeline.get(NettyPipeline.HttpTrafficHandler) != null) {
			pipeline.addBefore(NettyPipeline.HttpTrafficHandler, PipelinedRequestPacer.NAME,
					new PipelinedRequestPacer(new IterationBudget(loop)));
		}
	}

}
