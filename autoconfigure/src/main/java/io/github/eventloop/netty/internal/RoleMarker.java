package io.github.eventloop.netty.internal;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;

import io.github.eventloop.monitor.LoopRole;

/**
 * Channel handler that adds the role of a channel to the event loop that the channel is
 * registered with. Before any other event of the channel, it removes itself from the
 * pipeline or, for a client, is replaced by a {@link ResponseMarker}.
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
				if (!(channel instanceof DatagramChannel)) {
					ResponseMarker.addTo(channel, loop);
				}
			}
		}
		context.pipeline().remove(this);
	}

}
