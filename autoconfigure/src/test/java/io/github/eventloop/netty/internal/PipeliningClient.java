package io.github.eventloop.netty.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * HTTP/1.1 client with one connection that sends requests without waiting for responses.
 */
public final class PipeliningClient implements AutoCloseable {

	private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)\r\n");

	private final Socket socket;

	private final InputStream input;

	public PipeliningClient(int port) throws IOException {
		this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout(60_000);
		this.input = new BufferedInputStream(this.socket.getInputStream());
	}

	/** Send one write with all the requests. */
	public PipeliningClient send(String requests) throws IOException {
		this.socket.getOutputStream().write(requests.getBytes(StandardCharsets.ISO_8859_1));
		return this;
	}

	/** Return many GET requests, with the paths 0, 1, 2, … below a prefix. */
	public static String gets(String prefix, int number) {
		StringBuilder requests = new StringBuilder();
		for (int i = 0; i < number; i++) {
			requests.append(get(prefix + i));
		}
		return requests.toString();
	}

	public static String get(String path) {
		return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
	}

	/** Read responses with a content length. */
	public List<Response> read(int number) throws IOException {
		List<Response> responses = new ArrayList<>();
		for (int i = 0; i < number; i++) {
			responses.add(read(true));
		}
		return responses;
	}

	/** Read one response. */
	public Response read(boolean hasBody) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int next = this.input.read();
			if (next < 0) {
				throw new IOException("The connection ended after: " + head);
			}
			head.append((char) next);
		}
		Matcher length = LENGTH.matcher(head);
		byte[] body = (hasBody && length.find()) ? this.input.readNBytes(Integer.parseInt(length.group(1)))
				: new byte[0];
		return new Response(head.toString(), new String(body, StandardCharsets.ISO_8859_1));
	}

	/** Read a number of bytes as characters. */
	public String readText(int length) throws IOException {
		return new String(this.input.readNBytes(length), StandardCharsets.ISO_8859_1);
	}

	/** Read until the server closes the connection. */
	public String rest() throws IOException {
		return new String(this.input.readAllBytes(), StandardCharsets.ISO_8859_1);
	}

	public Socket socket() {
		return this.socket;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/** Response with its status line and headers, and its body. */
	public record Response(String head, String body) {

		public int status() {
			return Integer.parseInt(this.head.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
		}

	}

}
