package io.github.eventloop.monitor;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.internal.thread.ThreadCpuClock;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that limit what the monitor does for loops that have nothing to do, and what a
 * snapshot allocates, with a manual clock: numbers that do not depend on the speed of the
 * machine.
 */
class RestingCostTests {

	private static final int LOOPS = 64;

	private static final long MAX_IDLE_BYTES = 6_500;

	private static final long MAX_SNAPSHOT_BYTES = 2_000;

	/** Netty wakes up each loop once a second. */
	private static final Duration WAKE_UP = Duration.ofNanos(4_000);

	private final ManualMonitor time = new ManualMonitor();

	private final EventLoopMonitor monitor = this.time.monitor();

	private final List<ManualLoop> loops = IntStream.range(0, LOOPS)
		.mapToObj((i) -> this.time.addLoop("group", "loop-" + i).start())
		.toList();

	@Test
	void whenLoopsAreIdleShouldPollElevenTimesASecond() {
		int polls = 0;
		long end = this.time.now() + Duration.ofSeconds(10).toNanos();
		while (this.time.now() < end) {
			this.loops.get(polls % LOOPS).iteration(WAKE_UP);
			this.time.pass(Duration.ofNanos(this.monitor.poll()));
			polls++;
		}
		assertThat(polls).isEqualTo(110);
	}

	@Test
	void whenLoopOnlyWakesUpShouldReadItsCpuTimeLater() {
		idleSecond();
		for (int second = 1; second <= 7; second++) {
			// The thread of the loops is this one.
			computeFor(Duration.ofMillis(2));
			idleSecond();
			assertThat(cpuOfLastSecond()).as("second %d", second).isZero();
		}
		this.loops.forEach((loop) -> loop.iteration(Duration.ofMillis(1)));
		this.time.endSecond();
		assertThat(cpuOfLastSecond()).isGreaterThanOrEqualTo(0.014f);
	}

	@Test
	void idleSecondShouldAllocateLittle() {
		IntStream.range(0, 20).forEach((i) -> idleSecond());
		long before = allocatedBytes();
		idleSecond();
		assertThat((allocatedBytes() - before) / LOOPS).as("bytes per loop").isLessThan(MAX_IDLE_BYTES);
	}

	@Test
	void snapshotOfBusyLoopsShouldAllocateLittle() {
		for (int second = 0; second < 12; second++) {
			for (int i = 0; i < 300; i++) {
				Duration length = Duration.ofNanos((long) (1000 * Math.pow(1000, i / 300.0)));
				this.loops.forEach(ManualLoop::busy);
				this.time.pass(length);
				this.loops.forEach(ManualLoop::idle);
			}
			if (second < 11) {
				this.time.endSecond();
			}
		}
		this.monitor.snapshot();
		long before = allocatedBytes();
		EventLoopSnapshot snapshot = this.monitor.snapshot();
		assertThat((allocatedBytes() - before) / LOOPS).as("bytes per loop").isLessThan(MAX_SNAPSHOT_BYTES);
		assertThat(snapshot.loops()).allSatisfy((loop) -> assertThat(loop.lag().maxNanos()).isPositive());
	}

	private void idleSecond() {
		for (int poll = 0; poll < 11; poll++) {
			this.monitor.poll();
			this.time.pass(Duration.ofMillis(90));
		}
		this.loops.forEach((loop) -> loop.iteration(WAKE_UP));
		this.time.endSecond();
	}

	private float cpuOfLastSecond() {
		float[] cpu = this.monitor.history().loops().get(0).cpuUtilization();
		return cpu[cpu.length - 1];
	}

	private static void computeFor(Duration duration) {
		ThreadCpuClock clock = new ThreadCpuClock();
		long enough = clock.nanosOf(Thread.currentThread()) + duration.toNanos();
		while (clock.nanosOf(Thread.currentThread()) < enough) {
			Thread.onSpinWait();
		}
	}

	private static long allocatedBytes() {
		return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
	}

}
