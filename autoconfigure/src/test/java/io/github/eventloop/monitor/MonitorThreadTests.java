package io.github.eventloop.monitor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.monitor.internal.pause.PauseDetector;
import io.github.eventloop.monitor.internal.recorder.LoopRecorder;
import io.github.eventloop.monitor.internal.second.MonitorThread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

/**
 * Tests for {@link MonitorThread}, in real time.
 */
class MonitorThreadTests {

	private final EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);

	@AfterEach
	void close() {
		this.monitor.close();
		this.monitor.pauses().close();
	}

	@Test
	void shouldEndASecondEachSecond() {
		AtomicInteger seconds = new AtomicInteger();
		this.monitor.addListener(new EventLoopListener() {

			@Override
			public void onSecond(EventLoopSecond second) {
				seconds.incrementAndGet();
			}

		});
		this.monitor.start();
		this.monitor.start();
		assertThat(monitorThreads()).isEqualTo(1);
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> seconds.get() >= 2);
		assertThat(this.monitor.history().epochMillis()).hasSizeGreaterThanOrEqualTo(2);
		this.monitor.close();
		assertThat(monitorThreads()).isZero();
		this.monitor.start();
		int before = seconds.get();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> seconds.get() > before);
	}

	@Test
	void whenListenerClosesMonitorShouldEnd() {
		this.monitor.addListener(new EventLoopListener() {

			@Override
			public void onSecond(EventLoopSecond second) {
				MonitorThreadTests.this.monitor.close();
			}

		});
		this.monitor.start();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> monitorThreads() == 0);
	}

	@Test
	void whenEverythingThrowsShouldContinue() {
		AtomicInteger calls = new AtomicInteger();
		this.monitor.addSource(() -> {
			calls.incrementAndGet();
			throw new OutOfMemoryError("expected by the test");
		});
		this.monitor.start();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> calls.get() >= 3);
		assertThat(monitorThreads()).isEqualTo(1);
	}

	@Test
	void whenGarbageIsCollectedShouldReportPause() {
		this.monitor.start();
		List<int[]> retained = new ArrayList<>();
		for (int i = 0; i < 500_000; i++) {
			retained.add(new int[16]);
		}
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
			System.gc();
			return this.monitor.snapshot().pause().totalNanos() > 0;
		});
		assertThat(retained).hasSize(500_000);
		PauseTotals pause = this.monitor.snapshot().pause();
		assertThat(pause.maxNanos()).isBetween(1_000_000L, pause.totalNanos());
	}

	@Test
	void whenDelayedByCollectorShouldAddReportedPauseOnly() {
		List<int[]> retained = IntStream.range(0, 500_000).mapToObj((i) -> new int[16]).toList();
		PauseDetector detector = this.monitor.pauses();
		detector.open();
		// Retried if this thread is preempted meanwhile.
		Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
			long planned = System.nanoTime();
			long aMinuteLater = planned + Duration.ofMinutes(1).toNanos();
			System.gc();
			long collected = this.monitor.collectingNanos(planned, aMinuteLater);
			assertThat(collected).isPositive();
			detector.checkWakeUp(planned, planned + collected + Duration.ofMillis(9).toNanos());
			assertThat(this.monitor.pausedNanos(planned, aMinuteLater)).isEqualTo(collected);
			long late = collected + Duration.ofMillis(11).toNanos();
			detector.checkWakeUp(planned, planned + late);
			assertThat(this.monitor.pausedNanos(planned, aMinuteLater)).isEqualTo(late);
		});
		assertThat(retained).hasSize(500_000);
	}

	@Test
	void whenRestartedWhileListenerBlocksShouldReceiveCollections() throws Exception {
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch released = new CountDownLatch(1);
		this.monitor.addListener(new EventLoopListener() {

			@Override
			public void onSecond(EventLoopSecond second) {
				blocked.countDown();
				awaitUninterruptibly(released);
			}

		});
		this.monitor.start();
		assertThat(blocked.await(60, TimeUnit.SECONDS)).isTrue();
		for (int i = 0; i < 2; i++) {
			this.monitor.close();
			this.monitor.start();
			assertThat(monitorThreads()).isEqualTo(2);
		}
		released.countDown();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> monitorThreads() == 1);
		long before = System.nanoTime();
		List<int[]> retained = new ArrayList<>();
		for (int i = 0; i < 500_000; i++) {
			retained.add(new int[16]);
		}
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
			System.gc();
			return this.monitor.collectingNanos(before, System.nanoTime()) > 0;
		});
		assertThat(retained).hasSize(500_000);
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await(60, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			// The next second blocks again.
		}
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void whenProcessIsSuspendedShouldReportPauseAndDelayIdleLoops() throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), SuspendedApplication.class.getName())
			.redirectErrorStream(true)
			.start();
		try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
			assertThat(output.readLine()).isEqualTo("monitoring");
			signal(process, "STOP");
			TimeUnit.MILLISECONDS.sleep(1500); // the length of the suspension
			signal(process, "CONT");
			process.outputWriter().append('\n').flush();
			Scanner millis = new Scanner(output.readLine());
			assertThat(millis.nextLong()).as("pause").isBetween(1300L, 5000L);
			assertThat(millis.nextLong()).as("lag of an idle loop").isBetween(1300L, 5000L);
			assertThat(millis.nextLong()).as("stalls of an idle loop").isZero();
		}
		finally {
			process.destroyForcibly().waitFor();
		}
	}

	/** The monitor lists its loops first, and then reads each of them. */
	@ParameterizedTest
	@ValueSource(strings = { "loops", "channels" })
	@DisabledOnOs(OS.WINDOWS)
	void whenProcessPausesAtEndOfSecondShouldDelayIdleLoops(String where) throws Exception {
		Process silent = new ProcessBuilder("sh", "-c", "sleep 5; echo").start();
		LoopRecorder recorder = new LoopRecorder();
		// For the JVM, a thread that reads from a pipe neither waits nor uses a CPU.
		Consumer<String> simulatePause = (method) -> {
			if (method.equals(where) && isEndOfSecond() && silent.isAlive()) {
				readUninterruptibly(silent);
			}
		};
		IdleLoop idle = new IdleLoop(recorder) {

			@Override
			public int channels() {
				simulatePause.accept("channels");
				return super.channels();
			}

		};
		this.monitor.addSource(() -> {
			simulatePause.accept("loops");
			return idle.loops();
		});
		recorder.started(System.nanoTime());
		recorder.waiting(System.nanoTime());
		this.monitor.start();
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> this.monitor.snapshot().pause().maxNanos() > Duration.ofSeconds(1).toNanos());
		EventLoopSnapshot snapshot = this.monitor.snapshot();
		assertThat(snapshot.loops().get(0).lag().maxNanos()).isCloseTo(snapshot.pause().maxNanos(),
				withinPercentage(10));
	}

	private static boolean isEndOfSecond() {
		return StackWalker.getInstance()
			.walk((frames) -> frames.anyMatch((frame) -> frame.getMethodName().equals("endSecond")));
	}

	private static void readUninterruptibly(Process process) {
		try {
			process.getInputStream().read();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void signal(Process process, String signal) throws IOException, InterruptedException {
		assertThat(new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor()).isZero();
	}

	private static long monitorThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals(MonitorThread.THREAD_NAME))
			.count();
	}

	/**
	 * A monitored idle loop in a process of its own.
	 */
	public static class SuspendedApplication {

		public static void main(String[] args) throws IOException, InterruptedException {
			EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);
			LoopRecorder recorder = new LoopRecorder();
			monitor.addSource(new IdleLoop(recorder));
			recorder.started(System.nanoTime());
			recorder.waiting(System.nanoTime());
			monitor.start();
			// Not at the end of a second, which takes long in a JVM that has just
			// started.
			TimeUnit.MILLISECONDS.sleep(1500);
			System.out.println("monitoring");
			System.in.read();
			// The monitor thread has to detect that it woke up late.
			EventLoopSnapshot snapshot = monitor.snapshot();
			for (int i = 0; i < 1000 && snapshot.pause().maxNanos() < 1_000_000_000L; i++) {
				TimeUnit.MILLISECONDS.sleep(10);
				snapshot = monitor.snapshot();
			}
			System.out.printf("%d %d %d%n", snapshot.pause().maxNanos() / 1_000_000,
					snapshot.loops().get(0).lag().maxNanos() / 1_000_000, snapshot.stalls());
		}

	}

	private static class IdleLoop implements MonitoredLoop, LoopSource {

		private final LoopRecorder recorder;

		IdleLoop(LoopRecorder recorder) {
			this.recorder = recorder;
		}

		@Override
		public LoopView view() {
			return this.recorder;
		}

		@Override
		public List<MonitoredLoop> loops() {
			return List.of(this);
		}

		@Override
		public String name() {
			return "idle";
		}

		@Override
		public String group() {
			return "test";
		}

		@Override
		public Set<LoopRole> roles() {
			return Set.of();
		}

		@Override
		public int pendingTasks() {
			return 0;
		}

		@Override
		public int channels() {
			return 0;
		}

		@Override
		public int inFlightRequests() {
			return 0;
		}

		@Override
		public void execute(Runnable task) {
			task.run();
		}

		@Override
		public boolean isTerminated() {
			return false;
		}

	}

}
