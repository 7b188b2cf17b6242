package io.github.eventloop.monitor;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the memory that an {@link EventLoopMonitor} needs per loop, with the default
 * history and window.
 */
class MonitorMemoryTests {

	private static final int LOOPS = 400;

	private static final long MAX_BYTES = 64 * 1024;

	private final Random random = new Random(42);

	@Test
	void loopShouldNotUseMoreMemoryThanAllowed() {
		long before = heapInUse();
		ManualMonitor time = new ManualMonitor();
		List<ManualLoop> loops = IntStream.range(0, LOOPS)
			.mapToObj((i) -> time.addLoop("http", "http-" + i).start())
			.toList();
		for (int second = 0; second < MonitorSettings.DEFAULT.history().toSeconds(); second++) {
			time.pass(Duration.ofSeconds(1));
			time.endSecond();
		}
		long idle = (heapInUse() - before) / LOOPS;
		for (int second = 0; second < MonitorSettings.DEFAULT.window().toSeconds(); second++) {
			beBusy(time, loops);
			time.endSecond();
		}
		long busy = (heapInUse() - before) / LOOPS;
		// The figures of docs/design.md.
		System.out.printf("Memory of a loop: %.1f KiB idle, %.1f KiB busy%n", idle / 1024.0, busy / 1024.0);
		assertThat(idle).isBetween(20 * 1024L, busy);
		assertThat(busy).isBetween(idle + 1024, MAX_BYTES);
		assertThat(time.monitor().snapshot().loops()).hasSize(LOOPS)
			.allSatisfy((loop) -> assertThat(loop.lag().maxNanos()).isPositive());
	}

	/** Run iterations of three powers of ten for a second, on all loops at once. */
	private void beBusy(ManualMonitor time, List<ManualLoop> loops) {
		long end = time.now() + Duration.ofSeconds(1).toNanos();
		for (int i = 0; i < 1700; i++) {
			loops.forEach(ManualLoop::busy);
			time.pass(Duration.ofNanos((long) (1000 * Math.pow(1000, this.random.nextDouble()))));
			loops.forEach(ManualLoop::idle);
		}
		time.pass(Duration.ofNanos(end - time.now()));
	}

	/** Return the minimum of several samples, because garbage of others may remain. */
	private static long heapInUse() {
		return LongStream.range(0, 5).map((i) -> {
			System.gc();
			return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
		}).min().orElseThrow();
	}

}
