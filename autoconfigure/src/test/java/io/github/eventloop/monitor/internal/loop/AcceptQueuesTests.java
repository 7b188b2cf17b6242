package io.github.eventloop.monitor.internal.loop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AcceptQueues}.
 */
class AcceptQueuesTests {

	private static final String COLUMNS = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n";

	@TempDir
	private Path directory;

	@Test
	@EnabledOnOs(OS.LINUX)
	void shouldCountConnectionsThatAreNotAccepted() throws IOException {
		List<Socket> clients = new ArrayList<>();
		try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			AcceptQueues queues = new AcceptQueues();
			assertThat(queues.read(Set.of(server.getLocalPort()))).containsEntry(server.getLocalPort(), 0);
			for (int i = 0; i < 5; i++) {
				clients.add(new Socket(server.getInetAddress(), server.getLocalPort()));
			}
			assertThat(queues.read(Set.of(server.getLocalPort()))).containsEntry(server.getLocalPort(), 5);
			server.accept().close();
			assertThat(queues.read(Set.of(server.getLocalPort()))).containsEntry(server.getLocalPort(), 4);
		}
		finally {
			for (Socket client : clients) {
				client.close();
			}
		}
	}

	@Test
	void shouldReadBothTablesUpToTheFirstSocketThatDoesNotListen() throws IOException {
		Path four = table("tcp", """
				   0: 0100007F:1F90 00000000:0000 0A 00000000:0000000C 00:00000000 00000000     0        0 1
				   1: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2
				   2: 0100007F:1F92 0100007F:B312 01 00000000:00000007 00:00000000 00000000     0        0 3
				   3: 0100007F:1F93 00000000:0000 0A 00000000:00000007 00:00000000 00000000     0        0 4
				""");
		Path six = table("tcp6", """
				   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000003 \
				00:00000000 00000000 0 0 1
				""");
		assertThat(new AcceptQueues(List.of(four, six)).read(Set.of(9999))).containsOnlyKeys(8080, 8081)
			.containsEntry(8080, 12 + 3)
			.containsEntry(8081, 0);
	}

	@Test
	void whenAllPortsAreFoundShouldReadNoFurther() throws IOException {
		Path first = table("first", """
				   0: 0100007F:1F90 00000000:0000 0A 00000000:0000000C 00:00000000 00000000     0        0 1
				""");
		Path second = table("second", """
				   0: 0100007F:1F91 00000000:0000 0A 00000000:00000001 00:00000000 00000000     0        0 1
				""");
		AcceptQueues queues = new AcceptQueues(List.of(first, second));
		assertThat(queues.read(Set.of(8080))).containsOnlyKeys(8080);
		assertThat(queues.read(Set.of(8080, 8081))).containsOnlyKeys(8080, 8081);
	}

	@Test
	void whenThereIsNoTableShouldReturnNothing() {
		assertThat(new AcceptQueues(List.of(this.directory.resolve("none"))).read(Set.of(8080))).isEmpty();
	}

	@Test
	void whenTableHasAnotherFormatShouldReturnNothing() throws IOException {
		assertThat(new AcceptQueues(List.of(table("a", "what is this\n"))).read(Set.of(8080))).isEmpty();
		assertThat(
				new AcceptQueues(List.of(table("b", "0: nonsense nonsense 0A nonsense nonsense\n"))).read(Set.of(8080)))
			.isEmpty();
		assertThat(new AcceptQueues(List.of(table("c", ""))).read(Set.of(8080))).isEmpty();
	}

	private Path table(String name, String rows) throws IOException {
		return Files.writeString(this.directory.resolve(name), COLUMNS + rows);
	}

}
