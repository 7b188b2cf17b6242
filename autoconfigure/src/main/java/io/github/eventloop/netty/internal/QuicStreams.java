package io.github.eventloop.netty.internal;

import java.net.SocketAddress;

import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.LoopRole;

/**
 * The channels of QUIC: a stream, whose parent is its connection, whose parent is a
 * socket for datagrams. Only methods that are called with such channels require the
 * classes of QUIC, which applications may exclude.
 */
final class QuicStreams {

	private QuicStreams() {
	}

	/**
	 * Return whether a channel is a connection.
	 * @param channel the channel
	 * @return whether it is
	 */
	static boolean isConnection(Channel channel) {
		return channel.parent() instanceof DatagramChannel;
	}

	/**
	 * Return whether a channel is a stream of a connection.
	 * @param channel the channel
	 * @return whether it is
	 */
	static boolean isStream(Channel channel) {
		return channel.parent() != null && isConnection(channel.parent());
	}

	/**
	 * Return the role of the loop that carries a stream. In HTTP/3, only clients open
	 * streams that have two directions.
	 * @param stream the stream
	 * @return the role, or {@code null} if the stream does not show it
	 */
	static @Nullable LoopRole roleOf(Channel stream) {
		QuicStreamChannel quic = (QuicStreamChannel) stream;
		if (quic.type() != QuicStreamType.BIDIRECTIONAL) {
			return null;
		}
		return quic.isLocalCreated() ? LoopRole.CLIENT : LoopRole.SERVER;
	}

	/**
	 * Return the address of the peer of a channel.
	 * @param channel a channel of any kind
	 * @return the address, or {@code null} if it is not connected
	 */
	static @Nullable SocketAddress peerOf(Channel channel) {
		return isStream(channel) ? ((QuicChannel) channel.parent()).remoteSocketAddress() : channel.remoteAddress();
	}

}
