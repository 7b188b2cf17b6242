package io.github.eventloop.monitor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the memory that an {@link EventLoopMonitor} needs per loop, with the default
 * history and window. Measured in a JVM of its own, because earlier tests leave garbage
 * that is freed later.
 */
class MonitorMemoryTests {

	private static final long MAX_BYTES = 64 * 1024;

	@Test
	void loopShouldNotUseMoreMemoryThanAllowed() throws IOException, InterruptedException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:+UseSerialGC", "-Xmx512m", "-cp", System.getProperty("java.class.path"),
				Application.class.getName())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
		assertThat(process.waitFor()).as(output).isZero();
		long[] bytes = Arrays.stream(output.split(" ")).mapToLong(Long::parseLong).toArray();
		long idle = bytes[0];
		long busy = bytes[1];
		// The figures of docs/design.md.
		System.out.printf("Memory of a loop: %.1f KiB idle, %.1f KiB busy%n", idle / 1024.0, busy / 1024.0);
		assertThat(idle).isBetween(20 * 1024L, busy);
		assertThat(busy).isBetween(idle + 1024, MAX_BYTES);
	}

	/**
	 * Prints the bytes per loop, of idle loops and of the same loops after they were
	 * busy.
	 */
	public static final class Application {

		private static final Random random = new Random(42);

		private Application() {
		}

		public static void main(String[] arguments) {
			// The first run loads the classes.
			bytesOf(10);
			System.out.println(bytesOf(400));
		}

		private static String bytesOf(int count) {
			long before = heapInUse();
			ManualMonitor time = new ManualMonitor();
			List<ManualLoop> loops = IntStream.range(0, count)
				.mapToObj((i) -> time.addLoop("http", "http-" + i).start())
				.toList();
			for (int second = 0; second < MonitorSettings.DEFAULT.history().toSeconds(); second++) {
				time.pass(Duration.ofSeconds(1));
				time.endSecond();
			}
			long idle = (heapInUse() - before) / count;
			for (int second = 0; second < MonitorSettings.DEFAULT.window().toSeconds(); second++) {
				beBusy(time, loops);
				time.endSecond();
			}
			long busy = (heapInUse() - before) / count;
			assertThat(time.monitor().snapshot().loops()).hasSize(count)
				.allSatisfy((loop) -> assertThat(loop.lag().maxNanos()).isPositive());
			return idle + " " + busy;
		}

		/** Run iterations of three powers of ten for a second, on all loops at once. */
		private static void beBusy(ManualMonitor time, List<ManualLoop> loops) {
			long end = time.now() + Duration.ofSeconds(1).toNanos();
			for (int i = 0; i < 1700; i++) {
				loops.forEach(ManualLoop::busy);
				time.pass(Duration.ofNanos((long) (1000 * Math.pow(1000, random.nextDouble()))));
				loops.forEach(ManualLoop::idle);
			}
			time.pass(Duration.ofNanos(end - time.now()));
		}

		private static long heapInUse() {
			System.gc();
			return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
		}

	}

}
