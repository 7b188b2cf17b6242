package io.github.eventloop.netty.internal;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

import io.netty.handler.codec.http.HttpHeaderNames;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Detects requests that come directly from the machine that the server runs on. A client
 * can forge the headers of a proxy, and forwarded-header support may remove them, so this
 * class inspects the connection itself and the headers as they were received.
 */
public final class DirectRequest {

	private DirectRequest() {
	}

	/**
	 * Return whether a request comes directly from this machine: both ends of its
	 * connection have a loopback address, and {@linkplain DirectHeaders its headers} are
	 * those of a local request.
	 * @param request the request as the server received it
	 * @return whether it comes directly from this machine; {@code false} if it is not a
	 * request of Reactor Netty
	 */
	public static boolean isLocal(Object request) {
		return request instanceof HttpServerRequest received && received instanceof Connection connection
				&& isLoopback(connection.channel().remoteAddress()) && isLoopback(received.remoteAddress())
				&& DirectHeaders.areLocal(received.requestHeaders().names(),
						received.requestHeaders().get(HttpHeaderNames.HOST));
	}

	private static boolean isLoopback(@Nullable SocketAddress address) {
		return address instanceof InetSocketAddress internet && internet.getAddress() != null
				&& internet.getAddress().isLoopbackAddress();
	}

}
