package io.github.eventloop.netty.internal;

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
 * Drains the connections of a server while the application should have fewer of them. A
 * failing readiness probe keeps new connections away, but clients keep using the open
 * ones. The drain makes them reconnect: with {@code Connection: close} in HTTP/1.1, and
 * in HTTP/2 with a GOAWAY frame that lets open streams complete. Each event loop drains
 * ten connections per second, or more if draining all of them would take longer than ten
 * seconds, so that other instances do not receive all reconnects at once. While the
 * application is in service, it is a fifth of the connections per second.
 * <p>
 * Thread-safe: each event loop has its own rate limiter.
 */
public final class ConnectionDrain implements ConnectionObserver {

	/**
	 * Attribute of an HTTP/2 connection: {@code false} once it is selected for draining,
	 * {@code true} once GOAWAY was sent.
	 */
	private static final AttributeKey<Boolean> GOAWAY_SENT = AttributeKey.valueOf(ConnectionDrain.class, "goAwaySent");

	private final BooleanSupplier draining;

	private final BooleanSupplier outOfService;

	private final FastThreadLocal<RateLimiter> rateLimiter = new FastThreadLocal<>() {

		@Override
		protected RateLimiter initialValue() {
			return new RateLimiter();
		}

	};

	/**
	 * Create an observer of a server's connections.
	 * @param draining whether connections are to be drained; called for each request on
	 * the event loop that received it, so it must not block
	 * @param outOfService whether the application receives no new connections. Otherwise
	 * drained connections may return, so no more than a fifth is drained per second
	 */
	public ConnectionDrain(BooleanSupplier draining, BooleanSupplier outOfService) {
		this.draining = draining;
		this.outOfService = outOfService;
	}

	/**
	 * Called by Reactor Netty. In state {@code REQUEST_RECEIVED}, the handler of the
	 * request has not been called yet.
	 */
	@Override
	public void onStateChange(Connection connection, State newState) {
		if (newState == HttpServerState.REQUEST_RECEIVED && this.draining.getAsBoolean()
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
		if (request.isKeepAlive() && !isWebSocketHandshake(request) && this.rateLimiter.get()
			.tryAcquire(System.nanoTime(), loop.channels(), this.outOfService.getAsBoolean())) {
			((HttpServerResponse) connection).keepAlive(false);
		}
	}

	/**
	 * Return whether a request opens a WebSocket, whose connection serves no further
	 * requests. This checks everything that RFC 6455 (4.2.1) requires: otherwise a single
	 * header would keep a connection open on an instance that is out of service. Other
	 * upgrades are not exempt, since some clients offer HTTP/2 with each request.
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
		Attribute<Boolean> goAwaySent = connection.attr(GOAWAY_SENT);
		boolean selected = goAwaySent.get() != null;
		if (selected || this.rateLimiter.get()
			.tryAcquire(System.nanoTime(), loop.channels(), this.outOfService.getAsBoolean())) {
			goAwaySent.setIfAbsent(false);
			// Wait until the first response is complete, since some clients abort all
			// open streams when they receive the frame.
			stream.closeFuture().addListener((closed) -> {
				if (goAwaySent.compareAndSet(false, true)) {
					goAway(connection);
				}
			});
		}
	}

	/**
	 * Send a GOAWAY frame with the highest possible stream id, so that streams which the
	 * client is just opening are not lost.
	 */
	@SuppressWarnings("FutureReturnValueIgnored") // if this fails, the client is gone
	private static void goAway(Channel connection) {
		connection.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(Integer.MAX_VALUE));
		closeWhenUnused(connection);
	}

	/**
	 * Close a connection once it has no active streams. Clients neither acknowledge the
	 * frame nor close the connection. The second frame contains the id of the last stream
	 * that was received: the client can safely retry any later one (RFC 9113, 6.8).
	 */
	@SuppressWarnings("FutureReturnValueIgnored") // runs unless the loop terminates
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
	 * Limits the rate at which one event loop drains its connections. Used by the event
	 * loop thread only.
	 */
	static final class RateLimiter {

		/** Longest time that draining all connections of the event loop takes. */
		private static final long LONGEST_DRAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

		/**
		 * Time for as many connections as there are while the application is in service.
		 */
		private static final long IN_SERVICE_NANOS = TimeUnit.SECONDS.toNanos(5);

		/** Longest interval between two connections: at least ten per second. */
		private static final long LONGEST_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

		private boolean used;

		private long lastUsed;

		/** Highest number of connections since the application went out of service. */
		private int connections;

		private long next;

		/**
		 * Acquire a permit to drain one connection, if one is available.
		 * @param now the current instant, in nanoseconds
		 * @param connections the current number of connections
		 * @param fast whether to drain at least ten connections per second
		 * @return whether the connection may be drained now
		 */
		boolean tryAcquire(long now, int connections, boolean fast) {
			if (!this.used || now - this.lastUsed >= LONGEST_DRAIN_NANOS) {
				this.used = true;
				this.connections = 0;
				this.next = now;
			}
			this.lastUsed = now;
			this.connections = Math.max(this.connections, Math.max(1, connections));
			if (now - this.next < 0) {
				return false;
			}
			this.next = now + (fast ? Math.min(LONGEST_DRAIN_NANOS / this.connections, LONGEST_INTERVAL_NANOS)
					: IN_SERVICE_NANOS / this.connections);
			return true;
		}

	}

}
