package io.github.eventloop.benchmarks.identity;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A connection that returns every received byte. Only dates, which necessarily differ,
 * are replaced.
 */
final class RawConnection implements AutoCloseable {

	private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n");

	/** Longer content is represented by its length and a checksum. */
	private static final int MAX_TEXT = 4096;

	private final Socket socket;

	private final InputStream input;

	private final OutputStream output;

	RawConnection(Socket socket) throws IOException {
		this.socket = socket;
		this.socket.setSoTimeout(60_000);
		this.input = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
		this.output = socket.getOutputStream();
	}

	RawConnection send(String text) throws IOException {
		return send(text.getBytes(StandardCharsets.ISO_8859_1));
	}

	RawConnection send(byte[] bytes) throws IOException {
		this.output.write(bytes);
		this.output.flush();
		return this;
	}

	/** Send a request without a body, on a persistent connection. */
	RawConnection request(String method, String path, String... headers) throws IOException {
		StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: test\r\n");
		for (String header : headers) {
			request.append(header).append("\r\n");
		}
		return send(request.append("\r\n").toString());
	}

	/** Read a complete answer whose connection is kept alive. */
	String answer(boolean hasBody) throws IOException {
		String head = head();
		if (!hasBody) {
			return head;
		}
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		Matcher length = LENGTH.matcher(head);
		if (length.find()) {
			body.write(this.input.readNBytes(Integer.parseInt(length.group(1))));
		}
		else {
			int size;
			do {
				String line = line();
				size = Integer.parseInt(line.strip(), 16);
				body.write(line.getBytes(StandardCharsets.ISO_8859_1));
				body.write(this.input.readNBytes(size + 2));
			}
			while (size > 0);
		}
		return head + describe(body.toByteArray());
	}

	/** Read the status line and the headers. */
	String head() throws IOException {
		StringBuilder head = new StringBuilder();
		String line;
		do {
			line = line();
			head.append(line);
		}
		while (!line.equals("\r\n"));
		return comparable(head.toString());
	}

	private String line() throws IOException {
		StringBuilder line = new StringBuilder();
		while (line.isEmpty() || line.charAt(line.length() - 1) != '\n') {
			int next = this.input.read();
			if (next == -1) {
				throw new IOException("The connection ended after: " + line);
			}
			line.append((char) next);
		}
		return line.toString();
	}

	/** Read a given number of bytes. */
	String read(int number) throws IOException {
		return describe(this.input.readNBytes(number));
	}

	/** Read until the other side closes the connection. */
	String rest() throws IOException {
		return describe(this.input.readAllBytes());
	}

	static String describe(byte[] bytes) {
		if (bytes.length <= MAX_TEXT) {
			return comparable(new String(bytes, StandardCharsets.ISO_8859_1));
		}
		CRC32 checksum = new CRC32();
		checksum.update(bytes);
		return bytes.length + " bytes, " + Long.toHexString(checksum.getValue());
	}

	static String comparable(String text) {
		return text.replaceAll("(?i)(\r\ndate: )[^\r]*", "$1…");
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
