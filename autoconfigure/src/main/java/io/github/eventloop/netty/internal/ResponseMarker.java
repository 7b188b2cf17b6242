package io.github.eventloop.netty.internal;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.internal.recorder.LoopRecorder;

/**
 * Channel handler of a client's connection that marks the event loop as handling a
 * response of the peer while the following handlers, and the callbacks that they call,
 * process what was read from the connection. While the connection is used for a request
 * that the application handles, the mark has the route and the trace of that request.
 * <p>
 * Used by the event loop thread only, except that it may be added by the thread that
 * creates the channel: the registration with the loop publishes it.
 */
final class ResponseMarker extends ChannelInboundHandlerAdapter {

	private static final AttributeKey<ResponseMarker> MARKER = AttributeKey.valueOf(ResponseMarker.class, "marker");

	private final LoopRecorder recorder;

	/** The request that the connection is used for. */
	private @Nullable ExecutingRequest request;

	/** The mark for the loop; {@code null} until something is read. */
	private @Nullable Response response;

	private ResponseMarker(LoopRecorder recorder) {
		this.recorder = recorder;
	}

	/**
	 * Add a marker to a channel, unless it has one.
	 * @param channel a channel of a client, whose pipeline is still empty or which is a
	 * stream of a connection
	 * @param loop the loop that the channel is registered with
	 * @return the marker
	 */
	static ResponseMarker addTo(Channel channel, MonitoredEventLoop loop) {
		ResponseMarker present = channel.attr(MARKER).get();
		if (present != null) {
			return present;
		}
		ResponseMarker marker = new ResponseMarker(loop.recorder());
		channel.attr(MARKER).set(marker);
		channel.pipeline().addFirst(marker);
		return marker;
	}

	/**
	 * Set the request that a connection, or a stream of it, is used for. Has no effect if
	 * the loop of the channel is not measured.
	 * @param channel the channel
	 * @param request the request, or {@code null} if there is none, or not any more
	 */
	static void use(Channel channel, @Nullable ExecutingRequest request) {
		ResponseMarker marker = channel.attr(MARKER).get();
		if (marker == null && request != null && channel.eventLoop() instanceof MonitoredEventLoop loop) {
			marker = addTo(channel, loop);
		}
		if (marker != null) {
			// Otherwise, a client that is called back and calls again, such as with
			// repeat(), would keep all of its responses in memory.
			marker.request = (request instanceof Response before) ? before.request() : request;
			marker.response = null;
		}
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		ExecutingRequest before = mark(context);
		try {
			context.fireChannelRead(message);
		}
		finally {
			this.recorder.execute(before);
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		ExecutingRequest before = mark(context);
		try {
			context.fireChannelReadComplete();
		}
		finally {
			this.recorder.execute(before);
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		ExecutingRequest before = mark(context);
		try {
			context.fireChannelInactive();
		}
		finally {
			this.recorder.execute(before);
		}
	}

	private @Nullable ExecutingRequest mark(ChannelHandlerContext context) {
		if (this.response == null) {
			this.response = new Response(this.request, QuicStreams.peerOf(context.channel()));
		}
		return this.recorder.execute(this.response);
	}

	/**
	 * A response of a peer. Immutable: other threads read it while the loop handles it,
	 * and describe the stall that it causes later.
	 *
	 * @param request the request that the peer responds to, or {@code null} if it is not
	 * known
	 * @param address the address of the peer, or {@code null} if it is not known any more
	 */
	private record Response(@Nullable ExecutingRequest request,
			@Nullable SocketAddress address) implements ExecutingRequest {

		@Override
		public @Nullable String route() {
			return (this.request != null) ? this.request.route() : null;
		}

		@Override
		public @Nullable String traceId() {
			return (this.request != null) ? this.request.traceId() : null;
		}

		@Override
		public @Nullable String peer() {
			if (this.address instanceof InetSocketAddress internet) {
				// Does not look the name up.
				return internet.getHostString() + ":" + internet.getPort();
			}
			return (this.address != null) ? this.address.toString() : null;
		}

		@Override
		public void stalled(String description) {
			if (this.request != null) {
				this.request.stalled(description);
			}
		}

	}

}
