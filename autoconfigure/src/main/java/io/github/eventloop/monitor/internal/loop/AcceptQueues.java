package io.github.eventloop.monitor.internal.loop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Reader of the accept queues of listening sockets, from Linux's tables of TCP sockets in
 * {@code /proc}. Linux lists listening sockets first, so that reading the beginning is
 * enough regardless of the number of connections. It scans its whole hash table to fill a
 * page, which takes up to a few milliseconds if there are few connections.
 */
public final class AcceptQueues {

	private static final String LISTENING = "0A";

	private static final int LOCAL_ADDRESS = 1;

	private static final int STATE = 3;

	private static final int QUEUES = 4;

	private static final int FIELDS = 5;

	/** A page, which is as much as Linux returns per read. */
	private static final int BUFFER_SIZE = 4096;

	private final List<Path> tables;

	public AcceptQueues() {
		// By default, Java opens IPv6 sockets for both kinds of addresses.
		this(List.of(Path.of("/proc/self/net/tcp6"), Path.of("/proc/self/net/tcp")));
	}

	public AcceptQueues(List<Path> tables) {
		this.tables = tables;
	}

	/**
	 * Read how many connections are waiting to be accepted.
	 * @param ports the ports of interest
	 * @return the number by port, possibly including other ports; empty if the operating
	 * system does not provide it
	 */
	public Map<Integer, Integer> read(Set<Integer> ports) {
		Map<Integer, Integer> waiting = new HashMap<>();
		for (Path table : this.tables) {
			if (waiting.keySet().containsAll(ports)) {
				break;
			}
			try (BufferedReader reader = new BufferedReader(
					new InputStreamReader(Files.newInputStream(table), StandardCharsets.US_ASCII), BUFFER_SIZE)) {
				read(reader, waiting);
			}
			catch (IOException | RuntimeException ex) {
				// Another operating system, or another format: the numbers are unknown.
			}
		}
		return waiting;
	}

	private static void read(BufferedReader table, Map<Integer, Integer> waiting) throws IOException {
		table.readLine(); // the names of the columns
		String @Nullable [] socket = fields(table.readLine());
		while (socket != null && socket[STATE].equals(LISTENING)) {
			waiting.merge(afterColon(socket[LOCAL_ADDRESS]), afterColon(socket[QUEUES]), Integer::sum);
			socket = fields(table.readLine());
		}
	}

	private static String @Nullable [] fields(@Nullable String line) {
		String[] fields = (line != null) ? line.trim().split("\\s+", FIELDS + 1) : new String[0];
		return (fields.length > FIELDS) ? fields : null;
	}

	/** Return the port of an address, or the length of the receive queue. */
	private static int afterColon(String field) {
		return Integer.parseUnsignedInt(field.substring(field.lastIndexOf(':') + 1), 16);
	}

}
