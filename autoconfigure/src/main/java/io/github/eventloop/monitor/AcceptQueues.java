package io.github.eventloop.monitor;

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
 * How many connections wait in the queues of listening sockets to be accepted, as Linux
 * tells in its tables of TCP sockets. It lists those that listen first, so that the
 * beginning is enough however many connections there are; but it goes through all of its
 * hash table to fill a page, which takes up to some milliseconds where there are few.
 */
final class AcceptQueues {

	private static final String LISTENING = "0A";

	private static final int LOCAL_ADDRESS = 1;

	private static final int STATE = 3;

	private static final int QUEUES = 4;

	private static final int FIELDS = 5;

	/** One of Linux's pages, which is as much as it writes at once. */
	private static final int BUFFER_SIZE = 4096;

	private final List<Path> tables;

	AcceptQueues() {
		// Java's sockets are of the second kind for both kinds of addresses by default.
		this(List.of(Path.of("/proc/self/net/tcp6"), Path.of("/proc/self/net/tcp")));
	}

	AcceptQueues(List<Path> tables) {
		this.tables = tables;
	}

	/**
	 * Read how many connections wait at some ports.
	 * @param ports the ports
	 * @return the number by port, of other ports too; empty where the operating system
	 * does not tell
	 */
	Map<Integer, Integer> read(Set<Integer> ports) {
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
				// Another operating system, or another format: it does not tell.
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

	/** The port of an address, and the receiving one of two queues. */
	private static int afterColon(String field) {
		return Integer.parseUnsignedInt(field.substring(field.lastIndexOf(':') + 1), 16);
	}

}
