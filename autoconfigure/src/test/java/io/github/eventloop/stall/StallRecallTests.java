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
 * Stalls several loops hundreds of times, and compares what is found with what was done.
 */
class StallRecallTests {

	private static final int LOOPS = 4;

	private static final int STALLS_OF_EACH = 75;

	private static final long SEED = 42;

	/** Tasks that follow closer may be of one iteration. */
	private static final Duration GAP = Duration.ofMillis(10);

	/** Less than half of any stall. */
	private static final Duration TOLERANCE = Duration.ofMillis(50);

	private static final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	/** More loops than CPUs must not compute at once, or they starve each other. */
	private final Semaphore cpu = new Semaphore(1);

	private final ConcurrentLinkedQueue<Truth> truths = new ConcurrentLinkedQueue<>();

	/** When a thread that wanted to run for a moment had to wait for a CPU. */
	private final List<Disturbance> disturbances = new CopyOnWriteArrayList<>();

	@Test
	@Timeout(value = 5, unit = TimeUnit.MINUTES)
	void shouldFindEveryStallAndItsLine() throws Exception {
		// Two more: one that does nothing, and one that is busy with shorter things.
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
					for (int stall = 0; stall < STALLS_OF_EACH; stall++) {
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
			assertThat(this.truths).hasSize(LOOPS * STALLS_OF_EACH);
			compare(stalls);
		}
	}

	/**
	 * Every stall must have been found. What was found of it may be wrong where other
	 * processes took the CPU away from the loop or from the thread that watches it.
	 */
	private void compare(List<Stall> stalls) {
		Map<String, List<Stall>> byLoop = stalls.stream().collect(Collectors.groupingBy(Stall::loop));
		List<String> wrong = new ArrayList<>();
		// What an iteration took longer than its task, which only a busy machine makes
		// long.
		List<Long> added = new ArrayList<>();
		int undisturbed = 0;
		for (Truth truth : this.truths) {
			List<Stall> candidates = byLoop.getOrDefault(truth.loop, List.of());
			Stall stall = candidates.stream()
				.filter(truth::isDuring)
				.findFirst()
				.orElseThrow(() -> new AssertionError("Not found: " + truth));
			candidates.remove(stall);
			added.add(stall.duration().minus(truth.duration).toNanos());
			if (!isDisturbed(stall)) {
				undisturbed++;
				if (!truth.isOf(stall)) {
					wrong.add(truth + " was taken for " + stall.summary() + " " + stall.duration());
				}
			}
		}
		byLoop.values()
			.forEach((ofLoop) -> ofLoop.stream()
				.filter((stall) -> !isDisturbed(stall))
				.forEach((stall) -> wrong.add("Nobody caused " + stall.summary())));
		System.out.printf("%d stalls, all found; %d undisturbed, of which wrong in line or cause: %d %s%n",
				this.truths.size(), undisturbed, wrong.size(), wrong);
		assertThat(wrong).hasSizeLessThanOrEqualTo(Math.max(1, undisturbed / 20));
		Collections.sort(added);
		assertThat(added.get(0)).isNotNegative();
		assertThat(added.get(added.size() / 2)).isLessThan(2_000_000);
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
		execute(loop, () -> this.truths.add(stall(loop.name(), kind, length)));
	}

	/** Each kind blocks in the line after the one that says so. */
	private Truth stall(String loop, int kind, Duration length) {
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
		return new Truth(loop, startedAt, Duration.ofNanos(System.nanoTime() - start), cause, line);
	}

	private static int spin(long end) {
		// More than the threshold, so that it is to blame on a busy machine too.
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
	 * A time when the machine had no CPU to spare.
	 *
	 * @param from when it began
	 * @param until when it was over
	 */
	private record Disturbance(Instant from, Instant until) {
	}

	/**
	 * What was done to a loop.
	 *
	 * @param loop the name of the loop
	 * @param startedAt when
	 * @param duration for how long
	 * @param cause how
	 * @param line in which line
	 */
	private record Truth(String loop, Instant startedAt, Duration duration, StallCause cause, int line) {

		boolean isOf(Stall stall) {
			// One that computes is in one of the lines of its loop.
			int lines = (this.cause == StallCause.COMPUTING) ? 1 : 0;
			return stall.cause() == this.cause && stall.culprit() != null && stall.culprit().lineNumber() >= this.line
					&& stall.culprit().lineNumber() <= this.line + lines;
		}

		/**
		 * A stall is longer than what it consists of, but two clocks are compared here.
		 */
		boolean isDuring(Stall stall) {
			Instant end = this.startedAt.plus(this.duration);
			return stall.startedAt().isBefore(this.startedAt.plus(TOLERANCE))
					&& stall.startedAt().plus(stall.duration()).isAfter(end.minus(TOLERANCE));
		}

	}

}
