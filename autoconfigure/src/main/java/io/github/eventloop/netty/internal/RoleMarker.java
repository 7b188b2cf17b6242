package io.github.eventloop.netty.internal;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ServerChannel;

import io.github.eventloop.monitor.LoopRole;

/**
 * Channel handler that adds the role of a channel to the event loop that the channel is
 * registered with. It then removes itself from the pipeline, before any other event of
 * the channel.
 */
@ChannelHandler.Sharable
public final class RoleMarker extends ChannelHandlerAdapter {

	public static final RoleMarker INSTANCE = new RoleMarker();

	private RoleMarker() {
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		Channel channel = context.channel();
		if (channel.eventLoop() instanceof MonitoredEventLoop loop) {
			if (channel instanceof ServerChannel) {
				loop.addAcceptor(channel);
			}
			else {
				loop.addRole(LoopRole.CLIENT);
			}
		}
		context.pipeline().remove(this);
	}

}
