package io.github.eventloop.benchmarks.loops;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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

import io.github.eventloop.benchmarks.process.Instance;
import io.github.eventloop.benchmarks.process.Pause;

/**
 * Blocked loops of the sample, each of which sleeps in one handler after the other:
 * several connections of one loop request a sleep at once, and are served in one
 * iteration. (A drill blocks a single loop.) A sleeping loop takes no CPU from the
 * others. Not thread-safe.
 */
public final class Blockade implements AutoCloseable {

	/** The sample limits the sleep of a single request. */
	private static final Duration LONGEST_SLEEP = Duration.ofSeconds(5);

	private static final Duration TO_FALL_ASLEEP = Duration.ofMillis(200);

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

	/**
	 * Block loops, starting before this method returns.
	 * @param instance an instance of the sample whose loops are otherwise idle
	 * @param loops names of the loops
	 * @param duration for how long
	 * @return a handle to wait for the end
	 */
	public static Blockade of(Instance instance, Collection<String> loops, Duration duration) {
		int sleeps = (int) Math.ceil((double) duration.toMillis() / LONGEST_SLEEP.toMillis());
		Blockade blockade = new Blockade(loops);
		try {
			blockade.connect(instance.port(), sleeps, duration.plusSeconds(10));
			blockade.askAllToSleep(duration.toMillis() / sleeps);
		}
		catch (IOException ex) {
			blockade.disconnect();
			throw new UncheckedIOException(ex);
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
					throw new IllegalStateException("Could not open " + perLoop + " connections to each of "
							+ this.connections.keySet() + ", only " + this.connections);
				}
				Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
				socket.setSoTimeout((int) timeout.toMillis());
				askToSleep(socket, 1);
				String answer = answer(socket);
				List<Socket> wanted = this.connections.getOrDefault(thread(answer), others);
				boolean keep = wanted.size() < perLoop && !CLOSE.matcher(answer).find();
				(keep ? wanted : others).add(socket);
				if (!keep) {
					// A placement that avoids loops with recent lag needs time to forget
					// it.
					Pause.of(BETWEEN_TRIES);
				}
			}
		}
		finally {
			others.forEach(Blockade::close);
		}
	}

	private void askAllToSleep(long millis) throws IOException {
		for (List<Socket> sockets : this.connections.values()) {
			for (Socket socket : sockets) {
				askToSleep(socket, millis);
			}
		}
	}

	private static void askToSleep(Socket socket, long millis) throws IOException {
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

	/** Return the name of the thread that slept. */
	private static String thread(String answer) {
		Matcher matcher = THREAD.matcher(answer);
		return matcher.find() ? matcher.group(1) : "";
	}

	/**
	 * Verify that the loops have been blocked until now.
	 * @throws IllegalStateException if a loop is no longer blocked
	 */
	public void requireAllAsleep() {
		this.connections.forEach((loop, sockets) -> {
			if (sockets.stream().allMatch(Blockade::isAnswered)) {
				throw new IllegalStateException(loop + " was not blocked for long enough");
			}
		});
	}

	private static boolean isAnswered(Socket socket) {
		try {
			return socket.getInputStream().available() > 0;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Wait until the loops are awake.
	 */
	@Override
	public void close() {
		try {
			for (List<Socket> sockets : this.connections.values()) {
				for (Socket socket : sockets) {
					answer(socket);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			disconnect();
		}
	}

	private void disconnect() {
		this.connections.values().forEach((sockets) -> sockets.forEach(Blockade::close));
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
