package io.github.eventloop.netty;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.FastThreadLocal;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerState;

/**
 * Lets go of a server's connections while the application is out of service. Readiness
 * keeps new connections away, but clients keep those that they have: so answers ask for a
 * new one, in HTTP/1.1 with {@code Connection: close}, in HTTP/2 with a GOAWAY after
 * which the streams that are open go on. Each loop lets go of ten connections a second,
 * or of more if all would take longer than ten seconds, so that the neighbours are not
 * hit by a wave.
 * <p>
 * Thread-safe: each loop keeps its own pace.
 *
 * @since 0.1.0
 */
public final class ConnectionRelease implements ConnectionObserver {

	/**
	 * Of an HTTP/2 connection: {@code false} once it is to go, {@code true} once told.
	 */
	private static final AttributeKey<Boolean> RELEASED = AttributeKey.valueOf(ConnectionRelease.class, "released");

	private final BooleanSupplier outOfService;

	private final FastThreadLocal<Pace> pace = new FastThreadLocal<>() {

		@Override
		protected Pace initialValue() {
			return new Pace();
		}

	};

	/**
	 * Create an observer of a server's connections.
	 * @param outOfService tells whether connections are to go; asked for each request on
	 * the loop that received it, so it must answer at once
	 */
	public ConnectionRelease(BooleanSupplier outOfService) {
		this.outOfService = outOfService;
	}

	/**
	 * Called by Reactor Netty; before the request is handled, if it has just arrived.
	 */
	@Override
	public void onStateChange(Connection connection, State newState) {
		if (newState == HttpServerState.REQUEST_RECEIVED && this.outOfService.getAsBoolean()
				&& connection.channel().eventLoop() instanceof MonitoredEventLoop loop) {
			if (connection.channel() instanceof Http2StreamChannel stream) {
				goAway(stream, loop);
			}
			else if (connection.channel().parent() instanceof ServerChannel) {
				close(connection, loop);
			}
		}
	}

	private void close(Connection connection, MonitoredEventLoop loop) {
		HttpServerRequest request = (HttpServerRequest) connection;
		if (request.isKeepAlive() && !isWebSocketHandshake(request)
				&& this.pace.get().permits(System.nanoTime(), loop.channels())) {
			((HttpServerResponse) connection).keepAlive(false);
		}
	}

	/**
	 * Returns whether a request opens a WebSocket, whose connection serves no further
	 * requests. All that RFC 6455 (4.2.1) requires is required here, or a single header
	 * would keep a connection on an instance that is out of service. Other upgrades are
	 * not exempt: some clients offer HTTP/2 with each request.
	 */
	private static boolean isWebSocketHandshake(HttpServerRequest request) {
		HttpHeaders headers = request.requestHeaders();
		return request.method().equals(HttpMethod.GET) && request.version().compareTo(HttpVersion.HTTP_1_1) >= 0
				&& headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
				&& headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
				&& headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)
				&& headers.contains(HttpHeaderNames.SEC_WEBSOCKET_VERSION);
	}

	private void goAway(Http2StreamChannel stream, MonitoredEventLoop loop) {
		Channel connection = stream.parent();
		Attribute<Boolean> released = connection.attr(RELEASED);
		boolean chosen = released.get() != null;
		if (chosen || this.pace.get().permits(System.nanoTime(), loop.channels())) {
			released.setIfAbsent(false);
			// When an answer is complete, whichever is first: some clients give up all
			// streams with the frame.
			stream.closeFuture().addListener((closed) -> {
				if (released.compareAndSet(false, true)) {
					goAway(connection);
				}
			});
		}
	}

	/**
	 * The frame names the highest stream there can be, so that none on its way is lost.
	 */
	@SuppressWarnings("FutureReturnValueIgnored") // who is gone needs not be told to go
	private static void goAway(Channel connection) {
		connection.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(Integer.MAX_VALUE));
		closeWhenUnused(connection);
	}

	/**
	 * Clients do not close what they may use no more, and do not say that they saw it. A
	 * stream may still be on its way: a second frame names the last one that came, so
	 * that the client knows of any other that nothing was done for it (RFC 9113, 6.8).
	 */
	@SuppressWarnings("FutureReturnValueIgnored") // the loop ends before, or runs it
	private static void closeWhenUnused(Channel connection) {
		connection.eventLoop().schedule(() -> {
			Http2FrameCodec codec = connection.pipeline().get(Http2FrameCodec.class);
			if (codec != null && codec.connection().numActiveStreams() > 0) {
				closeWhenUnused(connection);
				return;
			}
			connection.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
			connection.eventLoop().schedule(() -> connection.close(), 1, TimeUnit.SECONDS);
		}, 1, TimeUnit.SECONDS);
	}

	/**
	 * When a loop may let go of the next connection. Used by that loop's thread only.
	 */
	static final class Pace {

		/** As long as it may take to let go of all. */
		private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

		/** So many at once are no wave. */
		private static final long LONGEST_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

		private boolean asked;

		private long lastAsked;

		/** The most connections of this time out of service. */
		private int connections;

		private long next;

		/**
		 * Return whether a connection may go, which counts as one that does.
		 * @param now the current instant
		 * @param connections how many there are at present
		 * @return whether it may go now
		 */
		boolean permits(long now, int connections) {
			if (!this.asked || now - this.lastAsked >= LONGEST_NANOS) {
				this.asked = true;
				this.connections = 0;
				this.next = now;
			}
			this.lastAsked = now;
			this.connections = Math.max(this.connections, Math.max(1, connections));
			if (now - this.next < 0) {
				return false;
			}
			this.next = now + Math.min(LONGEST_NANOS / this.connections, LONGEST_INTERVAL_NANOS);
			return true;
		}

	}

}
