package io.github.eventloop.benchmarks.jmh;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.benchmarks.Pause;
import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopView;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.recorder.LoopRecorder;

/**
 * Loops that have been monitored for a whole window. They have no threads: synthetic
 * iterations are recorded for them, one second at a time.
 */
final class RecordedLoops implements EventLoopListener, AutoCloseable {

	/** Iterations per second, as of a loop under moderate load. */
	private static final int ITERATIONS = 1_700;

	/**
	 * Durations of iterations in nanoseconds, evenly distributed over three powers of
	 * ten. Their number is prime, so that no two seconds are alike.
	 */
	private static final long[] LENGTHS = new Random(1).doubles(10_007)
		.mapToLong((power) -> Math.round(1_000 * Math.pow(10, 3 * power)))
		.toArray();

	private final EventLoopMonitor monitor;

	private final List<Loop> loops;

	private final boolean busy;

	/** Volatile: written by the monitor thread, read by the benchmark thread. */
	private volatile @Nullable EventLoopSecond second;

	/** Monitor loops until the window is full. */
	RecordedLoops(int number, boolean busy, Duration window) {
		this.busy = busy;
		this.loops = IntStream.range(0, number).mapToObj(Loop::new).toList();
		MonitorSettings defaults = MonitorSettings.DEFAULT;
		this.monitor = new EventLoopMonitor(new MonitorSettings(window, defaults.history(), defaults.stallThreshold()));
		this.monitor.addSource(() -> this.loops);
		this.monitor.addListener(this);
		this.monitor.start();
		// Recording continues, because the window has to stay full. This keeps the
		// monitor thread busy for some milliseconds a second, during which snapshots may
		// have to wait for it.
		Pause.of(window.plusMillis(1_500));
	}

	@Override
	public void onSecond(EventLoopSecond second) {
		this.second = second;
		if (this.busy) {
			this.loops.forEach(Loop::recordSecond);
		}
	}

	EventLoopMonitor monitor() {
		return this.monitor;
	}

	EventLoopSecond second() {
		EventLoopSecond last = this.second;
		if (last == null) {
			throw new IllegalStateException("No second has passed");
		}
		return last;
	}

	@Override
	public void close() {
		this.monitor.close();
	}

	/** A loop without a thread. */
	private static final class Loop implements MonitoredLoop {

		private final LoopRecorder recorder = new LoopRecorder();

		private final int number;

		private int nextLength;

		Loop(int number) {
			this.number = number;
			this.recorder.started(System.nanoTime());
			this.recorder.waiting(System.nanoTime());
		}

		/** Ends in the idle state, as real loops do most of the time. */
		private void recordSecond() {
			long now = System.nanoTime() - 1_000_000_000;
			for (int i = 0; i < ITERATIONS; i++) {
				now += 10_000;
				this.recorder.polled(now);
				this.recorder.handled(1);
				now += LENGTHS[this.nextLength];
				this.nextLength = (this.nextLength + 1) % LENGTHS.length;
				this.recorder.waiting(now);
			}
		}

		@Override
		public String name() {
			return "recorded-" + this.number;
		}

		@Override
		public String group() {
			return "recorded";
		}

		@Override
		public Set<LoopRole> roles() {
			return Set.of(LoopRole.SERVER);
		}

		@Override
		public LoopView view() {
			return this.recorder;
		}

		@Override
		public int pendingTasks() {
			return 0;
		}

		@Override
		public int channels() {
			return 1;
		}

		@Override
		public int inFlightRequests() {
			return 0;
		}

		@Override
		public void execute(Runnable task) {
			throw new UnsupportedOperationException("This loop has no thread");
		}

		@Override
		public boolean isTerminated() {
			return false;
		}

	}

}
