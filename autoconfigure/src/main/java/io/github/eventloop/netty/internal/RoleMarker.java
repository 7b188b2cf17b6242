package io.github.eventloop.netty.internal;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;

/**
 * Channel handler that adds the role of a channel to the event loop that the channel is
 * registered with: Reactor Netty registers the channels of servers and clients past
 * {@link MonitoredEventLoop#register}. It then removes itself from the pipeline, before
 * any other event of the channel.
 */
@ChannelHandler.Sharable
public final class RoleMarker extends ChannelHandlerAdapter {

	public static final RoleMarker INSTANCE = new RoleMarker();

	private RoleMarker() {
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		if (context.channel().eventLoop() instanceof MonitoredEventLoop loop) {
			loop.addRoleOf(context.channel());
		}
		context.pipeline().remove(this);
	}

}
