package io.github.eventloop.netty.internal;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * Headers of requests that no proxy has forwarded.
 */
public final class DirectHeaders {

	/**
	 * Proxy headers other than {@code X-Forwarded-*}, {@code X-Original-*} and
	 * {@code X-Envoy-*}. Sidecars add {@code X-Request-Id} to each request.
	 */
	private static final Set<String> FORWARDING_HEADERS = Set.of("forwarded", "via", "x-request-id", "x-real-ip",
			"x-client-ip", "x-cluster-client-ip", "true-client-ip", "cf-connecting-ip", "fastly-client-ip",
			"x-azure-clientip", "x-appengine-user-ip", "client-ip", "proxy-client-ip", "wl-proxy-client-ip");

	private DirectHeaders() {
	}

	/**
	 * Return whether the headers are those of a request that comes directly from this
	 * machine: the {@code Host} header is a loopback name or address, and there is no
	 * header that a proxy adds. Any other {@code Host} could be a web site that uses DNS
	 * rebinding to make a browser send requests to this server.
	 * @param names the names of all headers, as they were received
	 * @param host the {@code Host} header
	 * @return whether they are
	 */
	public static boolean areLocal(Collection<String> names, @Nullable String host) {
		return names.stream().map((name) -> name.toLowerCase(Locale.ROOT)).noneMatch(DirectHeaders::isForwarding)
				&& isLoopback(host);
	}

	private static boolean isForwarding(String header) {
		return header.startsWith("x-forwarded-") || header.startsWith("x-original-") || header.startsWith("x-envoy-")
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

	/**
	 * Return whether a literal is a loopback address, without a DNS lookup.
	 * @param literal the address
	 * @return whether it is one; {@code false} for a name
	 */
	public static boolean isLoopbackAddress(String literal) {
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
