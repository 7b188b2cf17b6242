package io.github.eventloop.netty.internal;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Locale;
import java.util.Set;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Detects requests that come directly from the machine that the server runs on. A client
 * can forge the headers of a proxy, and forwarded-header support may remove them, so this
 * class inspects the connection itself and the headers as they were received.
 */
public final class DirectRequest {

	/** Proxy headers other than {@code X-Forwarded-*} and {@code X-Original-*}. */
	private static final Set<String> FORWARDING_HEADERS = Set.of("forwarded", "via", "x-real-ip", "x-client-ip",
			"x-cluster-client-ip", "x-envoy-external-address", "true-client-ip", "cf-connecting-ip", "fastly-client-ip",
			"x-azure-clientip", "x-appengine-user-ip", "client-ip", "proxy-client-ip", "wl-proxy-client-ip");

	private DirectRequest() {
	}

	/**
	 * Return whether a request comes directly from this machine: both ends of its
	 * connection have a loopback address, the {@code Host} header is a loopback name or
	 * address, and there is no header that a proxy adds. Any other {@code Host} could be
	 * a web site that uses DNS rebinding to make a browser send requests to this server.
	 * @param request the request as the server received it
	 * @return whether it comes directly from this machine; {@code false} if it is not a
	 * request of Reactor Netty
	 */
	public static boolean isLocal(Object request) {
		return request instanceof HttpServerRequest received && received instanceof Connection connection
				&& isLoopback(connection.channel().remoteAddress()) && isLoopback(received.remoteAddress())
				&& !isForwarded(received.requestHeaders())
				&& isLoopback(received.requestHeaders().get(HttpHeaderNames.HOST));
	}

	private static boolean isLoopback(@Nullable SocketAddress address) {
		return address instanceof InetSocketAddress internet && internet.getAddress() != null
				&& internet.getAddress().isLoopbackAddress();
	}

	private static boolean isForwarded(HttpHeaders headers) {
		return headers.names()
			.stream()
			.map((name) -> name.toLowerCase(Locale.ROOT))
			.anyMatch(DirectRequest::isForwarding);
	}

	private static boolean isForwarding(String header) {
		return header.startsWith("x-forwarded-") || header.startsWith("x-original-")
				|| FORWARDING_HEADERS.contains(header);
	}

	private static boolean isLoopback(@Nullable String host) {
		if (host == null) {
			return false;
		}
		String name = withoutPort(host).toLowerCase(Locale.ROOT);
		return name.equals("localhost") || name.endsWith(".localhost") || isLoopbackAddress(name);
	}

	private static String withoutPort(String host) {
		int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
		return (end > 0) ? host.substring(0, end) : host;
	}

	/** Parse the literal without a DNS lookup. */
	private static boolean isLoopbackAddress(String literal) {
		byte[] address = NetUtil.createByteArrayFromIpAddressString(literal);
		return address != null && ((address.length == 4) ? address[0] == 127 : isLoopback(address));
	}

	private static boolean isLoopback(byte[] address) {
		for (int i = 0; i < address.length - 1; i++) {
			if (address[i] != 0) {
				return false;
			}
		}
		return address[address.length - 1] == 1;
	}

}
