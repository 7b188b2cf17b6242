package io.github.eventloop.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ServerChannel;

import io.github.eventloop.monitor.LoopRole;

/**
 * Tells a loop what kind of channel it was given, when the channel is registered with it.
 * Then it leaves the pipeline, before anything else happens on the channel.
 */
@ChannelHandler.Sharable
final class RoleMarker extends ChannelHandlerAdapter {

	static final RoleMarker INSTANCE = new RoleMarker();

	private RoleMarker() {
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		Channel channel = context.channel();
		if (channel.eventLoop() instanceof MonitoredEventLoop loop) {
			if (channel instanceof ServerChannel) {
				loop.accepts(channel);
			}
			else {
				loop.carries(LoopRole.CLIENT);
			}
		}
		context.pipeline().remove(this);
	}

}
