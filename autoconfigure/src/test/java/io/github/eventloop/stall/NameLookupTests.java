package io.github.eventloop.stall;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for stalls of an event loop that resolves a name at a server that does not
 * respond, in a separate process with its own {@code resolv.conf}.
 */
@EnabledOnOs(OS.LINUX)
class NameLookupTests {

	private static final int RUNS = 3;

	@Test
	void whenNameIsResolvedShouldBeBlockingIo(@TempDir Path directory) throws Exception {
		assumeThat(new ProcessBuilder("unshare", "-m", "true").start().waitFor()).as("a mount namespace").isZero();
		Path resolver = directory.resolve("resolv.conf");
		Files.writeString(resolver, "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
		List<String> found = new ArrayList<>();
		try (DatagramSocket silent = silentServer()) {
			Process process = new ProcessBuilder("unshare", "-m", "sh", "-c",
					"mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"", resolver.toString(),
					Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-cp",
					System.getProperty("java.class.path"), Application.class.getName())
				.redirectErrorStream(true)
				.start();
			try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
				output.lines()
					.peek(System.out::println)
					.filter((line) -> line.startsWith("found "))
					.forEach(found::add);
			}
			finally {
				process.destroyForcibly().waitFor();
			}
			assertThat(silent.isBound()).isTrue();
		}
		assertThat(found).hasSize(RUNS)
			.allMatch((line) -> line.startsWith("found BLOCKING_IO at " + Application.class.getName() + ".lookUp("));
	}

	private static DatagramSocket silentServer() {
		try {
			return new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 53));
		}
		catch (SocketException ex) {
			assumeThat(ex).as("a local name server").isNull();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Application that resolves names on its event loop.
	 */
	public static class Application {

		public static void main(String[] args) throws IOException {
			try (StallRig rig = new StallRig(1)) {
				for (int run = 0; run < RUNS; run++) {
					String name = "unknown-" + run + ".example.";
					Stall stall = rig.stall(() -> lookUp(name));
					System.out.println("found " + stall.summary() + " " + stall.duration() + " " + stall.advice());
				}
			}
		}

		private static void lookUp(String name) {
			try {
				Provocation.blackhole = InetAddress.getByName(name);
			}
			catch (UnknownHostException ex) {
				Provocation.blackhole = ex;
			}
		}

	}

}
