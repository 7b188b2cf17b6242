package io.github.eventloop.stall;

import java.lang.StackWalker.StackFrame;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.eventloop.monitor.MonitoredLoop;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that every stall is detected: stalls several loops hundreds of times and compares
 * the reported stalls with the provoked ones.
 */
class StallRecallTests {

	private static final int LOOPS = 4;

	private static final int STALLS_PER_LOOP = 75;

	private static final long SEED = 42;

	/** Tasks that follow more closely may run in one iteration. */
	private static final Duration GAP = Duration.ofMillis(10);

	/** Less than half of any stall. */
	private static final Duration TOLERANCE = Duration.ofMillis(50);

	private static final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	/**
	 * Lets one loop at a time compute, because more loops than CPUs starve each other.
	 */
	private final Semaphore cpu = new Semaphore(1);

	private final ConcurrentLinkedQueue<ProvokedStall> provoked = new ConcurrentLinkedQueue<>();

	/** Periods in which a thread that was ready to run had to wait for a CPU. */
	private final List<Disturbance> disturbances = new CopyOnWriteArrayList<>();

	@Test
	@Timeout(value = 5, unit = TimeUnit.MINUTES)
	void shouldFindEveryStallAndItsLine() throws Exception {
		// Two more: one that stays idle, and one that runs tasks below the threshold.
		try (StallRig rig = new StallRig(LOOPS + 2)) {
			ExecutorService drivers = Executors.newFixedThreadPool(LOOPS + 1);
			CountDownLatch left = new CountDownLatch(LOOPS);
			drivers.execute(() -> {
				while (left.getCount() > 0) {
					Instant due = Instant.now().plus(GAP);
					sleep(GAP);
					Instant now = Instant.now();
					if (now.isAfter(due.plus(GAP))) {
						this.disturbances.add(new Disturbance(due, now));
					}
				}
			});
			for (int i = 0; i < LOOPS; i++) {
				MonitoredLoop loop = rig.loops().get(i);
				Random random = new Random(SEED + i);
				drivers.execute(() -> {
					for (int stall = 0; stall < STALLS_PER_LOOP; stall++) {
						stall(loop, random);
					}
					left.countDown();
				});
			}
			MonitoredLoop fast = rig.loops().get(LOOPS);
			while (!left.await(0, TimeUnit.SECONDS)) {
				execute(fast, () -> sleep(Duration.ofMillis(40)));
				sleep(GAP);
			}
			drivers.shutdown();
			List<Stall> stalls = new ArrayList<>();
			while (stalls.size() < rig.monitor.snapshot().stalls()) {
				stalls.add(rig.takeEnded());
			}
			assertThat(this.provoked).hasSize(LOOPS * STALLS_PER_LOOP);
			compare(stalls);
		}
	}

	/**
	 * Assert that every stall was detected. Its line or cause may be wrong if other
	 * processes took the CPU away from the event loop thread or the monitor thread. On a
	 * busy machine some stalls end before they are sampled, and are reported so.
	 */
	private void compare(List<Stall> stalls) {
		Map<String, List<Stall>> byLoop = stalls.stream().collect(Collectors.groupingBy(Stall::loop));
		List<String> wrong = new ArrayList<>();
		// How much longer the iterations were than their tasks, relative to the task.
		List<Double> added = new ArrayList<>();
		int undisturbed = 0;
		int unknown = 0;
		for (ProvokedStall expected : this.provoked) {
			List<Stall> candidates = byLoop.getOrDefault(expected.loop, List.of());
			Stall stall = candidates.stream()
				.filter(expected::isCoveredBy)
				.findFirst()
				.orElseThrow(() -> new AssertionError("Not detected: " + expected));
			candidates.remove(stall);
			added.add((double) stall.duration().toNanos() / expected.duration.toNanos() - 1);
			if (!isDisturbed(stall)) {
				undisturbed++;
				if (stall.cause() == StallCause.UNKNOWN || stall.cause() == StallCause.STARVED) {
					unknown++;
				}
				else if (!expected.matches(stall)) {
					wrong.add(expected + " was reported as " + stall.summary() + " " + stall.duration());
				}
			}
		}
		byLoop.values()
			.forEach((ofLoop) -> ofLoop.stream()
				.filter((stall) -> !isDisturbed(stall))
				.forEach((stall) -> wrong.add("Not provoked: " + stall.summary())));
		System.out.printf(
				"%d stalls, all detected; %d undisturbed, of which unknown: %d, wrong in line or cause: %d %s%n",
				this.provoked.size(), undisturbed, unknown, wrong.size(), wrong);
		assertThat(unknown).isLessThanOrEqualTo(Math.max(1, undisturbed / 4));
		assertThat(wrong).hasSizeLessThanOrEqualTo(Math.max(1, undisturbed / 20));
		Collections.sort(added);
		assertThat(added.get(0)).isNotNegative();
		assertThat(added.get(added.size() / 2)).isLessThan(0.1);
	}

	private boolean isDisturbed(Stall stall) {
		Instant end = stall.startedAt().plus(stall.duration());
		return this.disturbances.stream()
			.anyMatch((disturbance) -> disturbance.until().isAfter(stall.startedAt())
					&& disturbance.from().isBefore(end));
	}

	private void stall(MonitoredLoop loop, Random random) {
		Duration length = Duration.ofNanos(110_000_000 + random.nextInt(150_000_000));
		sleep(GAP.plusNanos(random.nextInt(50_000_000)));
		int kind = random.nextInt(6);
		execute(loop, () -> this.provoked.add(stall(loop.name(), kind, length)));
	}

	/**
	 * Stall the loop. Each kind blocks in the line that {@link #nextLine()} determines.
	 */
	private ProvokedStall stall(String loop, int kind, Duration length) {
		Instant startedAt = Instant.now();
		long start = System.nanoTime();
		int line;
		StallCause cause;
		try {
			switch (kind) {
				case 0 -> {
					cause = StallCause.SLEEPING;
					line = nextLine();
					Thread.sleep(length.toMillis(), length.toNanosPart() % 1_000_000);
				}
				case 1 -> {
					cause = StallCause.SLEEPING;
					line = nextLine();
					TimeUnit.NANOSECONDS.sleep(length.toNanos());
				}
				case 2 -> {
					cause = StallCause.WAITING;
					line = nextLine();
					Provocation.blackhole = new LinkedBlockingQueue<>().poll(length.toNanos(), TimeUnit.NANOSECONDS);
				}
				case 3 -> {
					cause = StallCause.WAITING;
					line = nextLine();
					Provocation.blackhole = new CountDownLatch(1).await(length.toNanos(), TimeUnit.NANOSECONDS);
				}
				case 4 -> {
					cause = StallCause.WAITING;
					long end = start + length.toNanos();
					while (end - System.nanoTime() > 0) {
						LockSupport.parkNanos(end - System.nanoTime());
					}
					line = nextLine() - 3;
				}
				default -> {
					if (!this.cpu.tryAcquire()) {
						return stall(loop, 0, length);
					}
					cause = StallCause.COMPUTING;
					line = spin(start + length.toNanos());
					this.cpu.release();
				}
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		return new ProvokedStall(loop, startedAt, Duration.ofNanos(System.nanoTime() - start), cause, line);
	}

	private static int spin(long end) {
		// More than the threshold, so that the cause is the same on a busy machine.
		long cpuEnd = threads.getCurrentThreadCpuTime() + 105_000_000;
		int line = nextLine();
		while (end - System.nanoTime() > 0 || threads.getCurrentThreadCpuTime() < cpuEnd) {
			Thread.onSpinWait();
		}
		return line;
	}

	private static int nextLine() {
		return StackWalker.getInstance()
			.walk((frames) -> frames.skip(1).mapToInt(StackFrame::getLineNumber).findFirst())
			.orElseThrow() + 1;
	}

	private static void execute(MonitoredLoop loop, Runnable task) {
		CountDownLatch done = new CountDownLatch(1);
		loop.execute(() -> {
			try {
				task.run();
			}
			finally {
				done.countDown();
			}
		});
		try {
			assertThat(done.await(1, TimeUnit.MINUTES)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void sleep(Duration duration) {
		try {
			TimeUnit.NANOSECONDS.sleep(duration.toNanos());
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A period in which the machine had no CPU to spare.
	 *
	 * @param from when it began
	 * @param until when it ended
	 */
	private record Disturbance(Instant from, Instant until) {
	}

	/**
	 * A stall that was provoked.
	 *
	 * @param loop the name of the loop
	 * @param startedAt when it began
	 * @param duration how long it took
	 * @param cause its cause
	 * @param line the line that blocks
	 */
	private record ProvokedStall(String loop, Instant startedAt, Duration duration, StallCause cause, int line) {

		boolean matches(Stall stall) {
			// A computation is in one of the two lines of its loop.
			int lines = (this.cause == StallCause.COMPUTING) ? 1 : 0;
			return stall.cause() == this.cause && stall.code().culprit() != null
					&& stall.code().culprit().lineNumber() >= this.line
					&& stall.code().culprit().lineNumber() <= this.line + lines;
		}

		/**
		 * Return whether a reported stall covers this one. The tolerance is necessary
		 * because two clocks are compared.
		 */
		boolean isCoveredBy(Stall stall) {
			Instant end = this.startedAt.plus(this.duration);
			return stall.startedAt().isBefore(this.startedAt.plus(TOLERANCE))
					&& stall.startedAt().plus(stall.duration()).isAfter(end.minus(TOLERANCE));
		}

	}

}
