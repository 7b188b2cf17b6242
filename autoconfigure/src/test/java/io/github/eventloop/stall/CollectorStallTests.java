package io.github.eventloop.stall;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for stalls of an event loop that waits for the garbage collector, with a separate
 * JVM for each collector. To be run with each supported JDK.
 */
@Tag("slow")
class CollectorStallTests {

	private static final int RUNS = 10;

	@ParameterizedTest
	@ValueSource(strings = { "G1", "Parallel", "Serial", "Z", "Shenandoah" })
	@Timeout(value = 5, unit = TimeUnit.MINUTES)
	void waitForMemoryShouldBeAttributedToCollector(String collector) throws IOException, InterruptedException {
		List<String> causes = causes(collector, "pieces");
		assertThat(causes).hasSize(RUNS).doesNotContain("WAITING", "SLEEPING", "LOCK", "BLOCKING_IO");
		if (collector.equals("Z") || collector.equals("Shenandoah")) {
			// With the other collectors, allocating takes longer than collecting.
			assertThat(causes).filteredOn("GC"::equals).hasSizeGreaterThanOrEqualTo(RUNS / 2);
		}
	}

	/** The concurrent collectors do nearly all of this work beside the application. */
	@ParameterizedTest
	@ValueSource(strings = { "G1", "Parallel", "Serial" })
	@Timeout(value = 5, unit = TimeUnit.MINUTES)
	void whenMostTimeIsSpentCollectingShouldBeGc(String collector) throws IOException, InterruptedException {
		List<String> causes = causes(collector, "nodes");
		// On a busy machine, the loop waits for a CPU longer than for the collector.
		assertThat(causes).hasSize(RUNS).isSubsetOf("GC", "STARVED");
		assertThat(causes).filteredOn("GC"::equals).hasSizeGreaterThanOrEqualTo(RUNS / 4);
	}

	private static List<String> causes(String collector, String garbage) throws IOException, InterruptedException {
		List<String> causes = new ArrayList<>();
		Process application = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx128m", "-XX:+Use" + collector + "GC", "-cp", System.getProperty("java.class.path"),
				Application.class.getName(), garbage)
			.redirectErrorStream(true)
			.start();
		try (BufferedReader output = application.inputReader(StandardCharsets.UTF_8)) {
			for (String line = output.readLine(); line != null; line = output.readLine()) {
				System.out.println(collector + ": " + line);
				assumeThat(line).as("this JVM has the collector").doesNotContain("Unrecognized VM option");
				causes.addAll(line.startsWith("stall ") ? List.of(line.split(" ", 3)[1]) : List.of());
			}
		}
		finally {
			application.destroyForcibly().waitFor();
		}
		return causes;
	}

	/**
	 * Application that retains half of its heap and repeatedly fills the rest on an event
	 * loop, either with arrays that become unreachable at once or with lists of nodes
	 * that live long enough to be copied.
	 */
	public static final class Application {

		private static final int PIECE = 256 * 1024;

		private static final int NODES = 700_000;

		private Application() {
		}

		public static void main(String[] args) {
			List<byte[]> kept = new ArrayList<>();
			for (int i = 0; i < 60 * 1024; i++) {
				kept.add(new byte[1024]);
			}
			Runnable garbage = args[0].equals("nodes") ? Application::allocateNodes : Application::allocatePiece;
			try (StallRig rig = new StallRig(1)) {
				rig.stall(() -> allocate(garbage, 300));
				for (int run = 0; run < RUNS; run++) {
					Stall stall = rig.stall(() -> allocate(garbage, 300));
					System.out.println("stall " + stall.cause() + " " + stall.duration().toMillis() + " ms, cpu "
							+ stall.times().cpuNanos() / 1_000_000 + ", gc " + stall.times().gcNanos() / 1_000_000
							+ ", starved " + stall.times().starvedNanos() / 1_000_000 + ", samples "
							+ stall.samples().count() + ", " + stall.code().culprit());
				}
			}
			System.out.println(kept.size());
		}

		/** Allocate for long enough to keep the collector busy. */
		private static void allocate(Runnable garbage, long millis) {
			long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
			while (end - System.nanoTime() > 0) {
				garbage.run();
			}
		}

		private static void allocatePiece() {
			Provocation.blackhole = new byte[PIECE];
		}

		private static void allocateNodes() {
			Object last = null;
			for (int i = 0; i < NODES; i++) {
				last = new Object[] { last };
			}
			Provocation.blackhole = last;
		}

	}

}
