package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;

/**
 * Blocked loops of the sample, each of which sleeps in one handler after the other:
 * several connections of one loop request a sleep at once, and are served in one
 * iteration. (A drill blocks a single loop.) A sleeping loop takes no CPU from the
 * others. Not thread-safe.
 */
final class Blockade implements AutoCloseable {

	/** The sample limits the sleep of a single request. */
	private static final Duration LONGEST_SLEEP = Duration.ofSeconds(5);

	private static final Duration TO_FALL_ASLEEP = Duration.ofMillis(200);

	/** A placement that avoids loops with recent lag needs time to forget it. */
	private static final Duration BETWEEN_TRIES = Duration.ofMillis(20);

	private static final int MAX_CONNECTIONS = 200;

	private static final Pattern THREAD = Pattern.compile("\"thread\":\"([^\"]+)\".*}");

	/** Header of some answers of an instance that is out of service. */
	private static final Pattern CLOSE = Pattern.compile("^connection: *close\\s*$",
			Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

	private final Map<String, List<Socket>> connections = new LinkedHashMap<>();

	private Blockade(Collection<String> loops) {
		loops.forEach((loop) -> this.connections.put(loop, new ArrayList<>()));
	}

	/** Block loops of an instance of the sample, starting before this method returns. */
	static Blockade of(Instance instance, Collection<String> loops, Duration duration) throws IOException {
		int sleeps = (int) Math.ceil((double) duration.toMillis() / LONGEST_SLEEP.toMillis());
		Blockade blockade = new Blockade(loops);
		try {
			blockade.connect(instance.port(), sleeps, duration.plusSeconds(10));
			for (Socket socket : blockade.sockets()) {
				requestSleep(socket, duration.toMillis() / sleeps);
			}
		}
		catch (IOException ex) {
			close(blockade.sockets());
			throw ex;
		}
		Pause.of(TO_FALL_ASLEEP);
		return blockade;
	}

	/**
	 * Open connections until each of the loops has as many as needed. The answer of the
	 * sample names the loop of a connection.
	 */
	private void connect(int port, int perLoop, Duration timeout) throws IOException {
		List<Socket> others = new ArrayList<>();
		try {
			while (this.connections.values().stream().anyMatch((sockets) -> sockets.size() < perLoop)) {
				if (others.size() > MAX_CONNECTIONS) {
					throw new IOException(
							"Could not open %d connections to each loop, only %s".formatted(perLoop, this.connections));
				}
				Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
				socket.setSoTimeout((int) timeout.toMillis());
				requestSleep(socket, 1);
				String answer = answer(socket);
				Matcher thread = THREAD.matcher(answer);
				List<Socket> wanted = thread.find() ? this.connections.getOrDefault(thread.group(1), others) : others;
				boolean keep = wanted.size() < perLoop && !CLOSE.matcher(answer).find();
				(keep ? wanted : others).add(socket);
				if (!keep) {
					Pause.of(BETWEEN_TRIES);
				}
			}
		}
		finally {
			close(others);
		}
	}

	private static void requestSleep(Socket socket, long millis) throws IOException {
		String request = "GET /offenders/sleep?millis=" + millis + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
		socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
	}

	/** Wait for an answer. */
	private static String answer(Socket socket) throws IOException {
		InputStream input = socket.getInputStream();
		StringBuilder answer = new StringBuilder();
		byte[] buffer = new byte[1024];
		for (int length = input.read(buffer); length > 0; length = input.read(buffer)) {
			answer.append(new String(buffer, 0, length, StandardCharsets.UTF_8));
			if (THREAD.matcher(answer).find()) {
				return answer.toString();
			}
		}
		throw new IOException("The sample closed the connection after: " + answer);
	}

	/** Fail if a loop has not been blocked until now. */
	void requireAllAsleep() throws IOException {
		for (Map.Entry<String, List<Socket>> loop : this.connections.entrySet()) {
			boolean asleep = false;
			for (Socket socket : loop.getValue()) {
				asleep |= socket.getInputStream().available() == 0;
			}
			if (!asleep) {
				throw new IllegalStateException(loop.getKey() + " was not blocked for long enough");
			}
		}
	}

	private List<Socket> sockets() {
		return this.connections.values().stream().flatMap(List::stream).toList();
	}

	private static void close(List<Socket> sockets) throws IOException {
		for (Socket socket : sockets) {
			socket.close();
		}
	}

	/** Wait until the loops are awake. */
	@Override
	public void close() throws IOException {
		for (Socket socket : sockets()) {
			answer(socket);
		}
		close(sockets());
	}

	/**
	 * The loops that serve an application, as reported by its endpoint.
	 *
	 * @param workers names of the loops that have carried client connections
	 * @param acceptors names of the loops that accept connections, which may be workers
	 * as well
	 */
	record Loops(List<String> workers, List<String> acceptors) {

		/** Query an instance, all of whose loops should have been used by then. */
		static Loops of(Instance instance) {
			List<JsonNode> loops = instance.eventLoops("")
				.get("loops")
				.valueStream()
				.filter((loop) -> loop.get("group").asString().equals("reactor-http"))
				.toList();
			return new Loops(names(loops, "SERVER"), names(loops, "ACCEPTOR"));
		}

		private static List<String> names(List<JsonNode> loops, String role) {
			return loops.stream()
				.filter((loop) -> loop.get("roles").valueStream().anyMatch((name) -> name.asString().equals(role)))
				.map((loop) -> loop.get("name").asString())
				.toList();
		}

		/** Return a worker that does not accept connections. */
		String workerOnly() {
			return this.workers.stream().filter((name) -> !this.acceptors.contains(name)).findFirst().orElseThrow();
		}

	}

}
