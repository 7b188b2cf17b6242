package io.github.eventloop.stall;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for stalls of event loops that are starved of CPU time, in a separate process.
 */
@EnabledOnOs(OS.LINUX)
class StarvedLoopTests {

	private static final int RUNS = 10;

	/** Fewer, because each takes more than a second with a tenth of a CPU. */
	private static final int LONG_RUNS = 5;

	private static final String CPU = "0";

	private Process application;

	private BufferedReader output;

	private final List<Process> otherProcesses = new ArrayList<>();

	@BeforeEach
	void startApplication() throws IOException {
		this.application = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
				Application.class.getName())
			.redirectErrorStream(true)
			.start();
		this.output = this.application.inputReader(StandardCharsets.UTF_8);
		awaitLine("ready");
	}

	/** Return the rest of the next line that begins with the prefix. */
	private String awaitLine(String prefix) throws IOException {
		String line = this.output.readLine();
		while (line != null && !line.startsWith(prefix)) {
			System.out.println(line);
			line = this.output.readLine();
		}
		assertThat(line).as("the application has ended").isNotNull();
		return line.substring(prefix.length());
	}

	@AfterEach
	void end() throws InterruptedException {
		this.otherProcesses.forEach(Process::destroyForcibly);
		this.application.destroyForcibly().waitFor();
	}

	@Test
	void whenOtherProcessesAreBusyShouldBeStarved() throws Exception {
		run("taskset", "-a", "-cp", CPU, String.valueOf(this.application.pid()));
		for (int i = 0; i < 8; i++) {
			this.otherProcesses
				.add(new ProcessBuilder("taskset", "-c", CPU, "sh", "-c", "while :; do :; done").start());
		}
		assertFound("STARVED by other processes at null", 60, RUNS);
	}

	@Test
	void whenQuotaIsExhaustedShouldBeStarvedOrNameTheLineThatUsedIt() throws Exception {
		Path group = controlGroup();
		try {
			Files.writeString(group.resolve("cgroup.procs"), String.valueOf(this.application.pid()));
			assertFound("STARVED by CPU limit at null", 60, RUNS);
			assertFound("COMPUTING by CPU limit at compute", 130, LONG_RUNS);
		}
		finally {
			this.application.destroyForcibly().waitFor();
			// The process leaves its group shortly after it has ended.
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.ignoreExceptions()
				.until(() -> Files.deleteIfExists(group));
		}
	}

	/** Create a control group with a quota of a tenth of a CPU. */
	private static Path controlGroup() throws IOException {
		String name = "eventloop-test-" + ProcessHandle.current().pid();
		for (String root : List.of("/sys/fs/cgroup/cpu", "/sys/fs/cgroup")) {
			Path group = Path.of(root, name);
			try {
				Files.createDirectory(group);
				if (Files.exists(group.resolve("cpu.cfs_quota_us"))) {
					Files.writeString(group.resolve("cpu.cfs_quota_us"), "10000");
					return group;
				}
				if (Files.exists(group.resolve("cpu.max"))) {
					Files.writeString(group.resolve("cpu.max"), "10000 100000");
					return group;
				}
				Files.delete(group);
			}
			catch (IOException ex) {
				// Not available, or not permitted.
			}
		}
		assumeThat(false).as("control groups can be created").isTrue();
		throw new IllegalStateException();
	}

	/** Let the loop compute for some CPU time repeatedly, and check what is found. */
	private void assertFound(String expected, int cpuMillis, int runs) throws IOException {
		BufferedWriter input = this.application.outputWriter();
		input.append(cpuMillis + " " + runs + "\n").flush();
		List<String> found = new ArrayList<>();
		for (int run = 0; run < runs; run++) {
			found.add(this.output.readLine());
		}
		System.out.println(expected + " was found to be " + found);
		assertThat(found).filteredOn(expected::equals).hasSizeGreaterThanOrEqualTo(runs - 1);
	}

	private static void run(String... command) throws IOException, InterruptedException {
		assertThat(new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor())
			.isZero();
	}

	/**
	 * Application that computes on its event loop for given CPU times.
	 */
	public static class Application {

		private static final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

		public static void main(String[] args) throws IOException {
			try (StallRig rig = new StallRig(1)) {
				// Warm up, so that classes are loaded and code is compiled.
				rig.stall(() -> compute(Duration.ofMillis(300)));
				System.out.println("ready");
				BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
				for (String line = input.readLine(); line != null; line = input.readLine()) {
					int blank = line.indexOf(' ');
					Duration cpu = Duration.ofMillis(Long.parseLong(line.substring(0, blank)));
					int runs = Integer.parseInt(line.substring(blank + 1));
					for (int run = 0; run < runs; run++) {
						System.out.println(describe(rig.stall(() -> compute(cpu))));
					}
				}
			}
		}

		private static String describe(Stall stall) {
			String method = (stall.code().culprit() != null) ? stall.code().culprit().methodName() : null;
			return stall.cause() + " by " + stall.times().starvedBy() + " at " + method;
		}

		private static void compute(Duration cpu) {
			long end = threads.getCurrentThreadCpuTime() + cpu.toNanos();
			while (threads.getCurrentThreadCpuTime() < end) {
				Thread.onSpinWait();
			}
		}

	}

}
