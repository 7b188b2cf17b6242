package io.github.eventloop.benchmarks.release;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * Central's portal on the loopback interface: accepts a bundle, unpacks it like a
 * repository, and reports it as published.
 */
final class Portal implements AutoCloseable {

	static final String TOKEN = "rehearsal:se:cret";

	private static final String AUTHORIZATION = "UserToken "
			+ Base64.getEncoder().encodeToString(TOKEN.getBytes(StandardCharsets.UTF_8));

	private final Path repository;

	private final HttpServer server;

	Portal(Path repository) throws IOException {
		this.repository = repository;
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/api/v1/publisher/upload", (exchange) -> {
			boolean authorized = AUTHORIZATION.equals(exchange.getRequestHeaders().getFirst("Authorization"));
			byte[] body = exchange.getRequestBody().readAllBytes();
			if (authorized) {
				unpack(body);
			}
			respond(exchange, authorized ? 201 : 401, "rehearsal");
		});
		this.server.createContext("/api/v1/publisher/status", (exchange) -> {
			exchange.getRequestBody().readAllBytes();
			exchange.getResponseHeaders().add("Content-Type", "application/json");
			respond(exchange, 200,
					"""
							{"deploymentId":"rehearsal","deploymentName":"rehearsal","deploymentState":"PUBLISHED","purls":[]}""");
		});
		this.server.start();
	}

	String url() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	/** The bundle is the only part of the form. */
	private void unpack(byte[] form) {
		int start = new String(form, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
		try (ZipInputStream bundle = new ZipInputStream(new ByteArrayInputStream(form, start, form.length - start))) {
			for (ZipEntry entry = bundle.getNextEntry(); entry != null; entry = bundle.getNextEntry()) {
				Path file = this.repository.resolve(entry.getName()).normalize();
				if (!entry.isDirectory() && file.startsWith(this.repository)) {
					Files.createDirectories(file.getParent());
					Files.copy(bundle, file);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void respond(HttpExchange exchange, int status, String body) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(status, bytes.length);
		exchange.getResponseBody().write(bytes);
		exchange.close();
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
