package io.github.eventloop.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Request that is written to a socket, with headers that an HTTP client would not send.
 */
final class RawRequest {

	private RawRequest() {
	}

	/** Return the whole response to a {@code GET}. */
	static String get(int port, String path, String... headers) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			socket.setSoTimeout(20_000);
			String request = "GET " + path + " HTTP/1.1\r\nAccept: application/json\r\nConnection: close\r\n"
					+ String.join("\r\n", headers) + "\r\n\r\n";
			socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
