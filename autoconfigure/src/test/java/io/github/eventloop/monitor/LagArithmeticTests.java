package io.github.eventloop.monitor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.eventloop.monitor.internal.loop.LoopHistory;
import io.github.eventloop.monitor.internal.second.ChannelWeights;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that all reported lags and usages agree with {@link LagTruth}, regardless of when
 * iterations start and end and when they are read: loops are busy at random, and several
 * monitors with different windows and seconds read them at random instants.
 */
class LagArithmeticTests {

	private static final long LENGTH = Duration.ofSeconds(16).toNanos();

	private static final int LOOPS = 3;

	private final ManualMonitor time = new ManualMonitor();

	private final long startedAt = this.time.now();

	private final PriorityQueue<ScheduledAction> actions = new PriorityQueue<>(
			Comparator.comparingLong(ScheduledAction::at));

	private final List<ManualLoop> loops = new ArrayList<>();

	private final List<List<Iteration>> iterations = new ArrayList<>();

	private Random random;

	static LongStream seeds() {
		return LongStream.rangeClosed(1, 16);
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void everyReaderShouldReportActualWaits(long seed) {
		this.random = new Random(seed);
		for (int i = 0; i < LOOPS; i++) {
			addLoop(i);
		}
		Observer first = new Observer(this.time.monitor(), Duration.ofSeconds(10));
		first.plan(this.startedAt);
		IntStream.range(0, 2).forEach((i) -> {
			// Possibly added in the middle of an iteration.
			long at = this.startedAt + nanos(1, LENGTH / 2);
			this.actions.add(new ScheduledAction(at, () -> observe(Duration.ofSeconds(1 + this.random.nextInt(6)))));
		});
		play();
		first.assertHistory();
		assertVirtualArrivals(first);
		assertThat(first.reads).isGreaterThan(10);
	}

	private void addLoop(int index) {
		ManualLoop loop = this.time.addLoop("test", "loop-" + index).start();
		this.loops.add(loop);
		List<Iteration> iterations = iterations();
		this.iterations.add(iterations);
		for (int i = 0; i < iterations.size(); i++) {
			Iteration each = iterations.get(i);
			this.actions.add(new ScheduledAction(each.from, loop::busy));
			boolean last = i + 1 == iterations.size();
			// Otherwise the poll was not allowed to wait, and an iteration ends when the
			// next one starts.
			if (last || iterations.get(i + 1).from > each.to) {
				this.actions.add(new ScheduledAction(each.to, loop::idle));
			}
		}
		for (int i = 0; i < 10; i++) {
			int channels = 1 + this.random.nextInt(9);
			this.actions.add(new ScheduledAction(this.startedAt + nanos(1, LENGTH), () -> loop.carrying(channels)));
		}
		loop.carrying(1);
	}

	/** Long and short ones, many in a row, some of which start when another ends. */
	private List<Iteration> iterations() {
		List<Iteration> iterations = new ArrayList<>();
		long longest = nanos(Duration.ofMillis(300).toNanos(), Duration.ofSeconds(6).toNanos());
		boolean waits = this.random.nextBoolean();
		long at = this.startedAt + nanos(20_000, Duration.ofSeconds(3).toNanos());
		while (at < this.startedAt + LENGTH) {
			int row = (this.random.nextInt(4) == 0) ? 50 : 1;
			for (int i = 0; i < row; i++) {
				long length = nanos(10_000, longest / row + 20_000);
				iterations.add(new Iteration(at, at + length));
				at += length + ((waits || i == 0) ? nanos(20_000, longest / row + 40_000) : 0);
			}
		}
		return iterations;
	}

	/** Log-uniform: equally many of each power of ten. */
	private long nanos(long min, long max) {
		return Math.round(min * Math.pow((double) max / min, this.random.nextDouble()));
	}

	private void observe(Duration window) {
		EventLoopMonitor monitor = this.time
			.another(new MonitorSettings(window, Duration.ofMinutes(15), Duration.ofMillis(100)));
		Observer observer = new Observer(monitor, window);
		observer.read();
		observer.plan(this.time.now());
	}

	private void play() {
		for (ScheduledAction next = this.actions.poll(); next != null; next = this.actions.poll()) {
			this.time.pass(Duration.ofNanos(next.at - this.time.now()));
			next.action.run();
		}
	}

	/** Add the waits of a loop's events in a part of a window that ends now. */
	private void addTruth(LagTruth truth, int loop, long windowStart, Interval part, long now) {
		truth.time(part.from, part.to, part.weights[loop]);
		for (Iteration each : this.iterations.get(loop)) {
			boolean ended = each.to <= now;
			long from = Math.max(each.from, part.from);
			long to = Math.min(ended ? each.to : now, part.to);
			// In progress, it counts with its full age although it started earlier.
			long until = ended ? each.to : now + Math.max(0, windowStart - each.from);
			truth.waiting(from, to, until, part.weights[loop]);
		}
	}

	/** Add the waits of the events that a loop handled in a period. */
	private void addHandled(LagTruth truth, int loop, long from, long to, double weight) {
		truth.time(from, to, weight);
		for (Iteration each : this.iterations.get(loop)) {
			truth.time(Math.min(to, Math.max(each.from, from)), Math.max(from, Math.min(each.to, to)), -weight);
			if (each.to > from && each.to <= to) {
				truth.time(each.from, each.to, weight).waiting(each.from, each.to, each.to, weight);
			}
		}
	}

	private void assertVirtualArrivals(Observer observer) {
		for (int i = 0; i < LOOPS; i++) {
			int loop = i;
			LagTruth truth = new LagTruth();
			addHandled(truth, loop, this.startedAt, observer.secondStart, 1);
			double[] lags = observer.arrivals.stream()
				.map((arrivals) -> arrivals.get(loop))
				.flatMapToDouble(Arrays::stream)
				.toArray();
			double interval = LoopHistory.ARRIVAL_INTERVAL_NANOS;
			assertThat(lags.length).isCloseTo((int) (truth.time() / interval), Percentage.withPercentage(1));
			for (double x = 1e6; x < 5e9; x *= 2) {
				double above = x;
				assertThat(Arrays.stream(lags).filter((lag) -> lag > above).count() / (double) lags.length)
					.isCloseTo(truth.shareAbove(above), Offset.offset(0.02));
			}
		}
	}

	/** An action at an instant of the monitors' clock. */
	private record ScheduledAction(long at, Runnable action) {
	}

	private record Iteration(long from, long to) {

		double overlap(long from, long to) {
			return Math.max(0, Math.min(this.to, to) - Math.max(this.from, from));
		}

		/** Return the integral of its age over a period. */
		double age(long from, long to) {
			double begin = Math.max(0, Math.min(this.to, Math.max(this.from, from)) - this.from);
			double end = Math.max(0, Math.min(this.to, to) - this.from);
			return Math.max(0, end * end - begin * begin) / 2;
		}

	}

	/** A period with the weight of each loop in it. */
	@SuppressWarnings("ArrayRecordComponent") // never compared
	private record Interval(long from, long to, double[] weights) {

		Interval alone() {
			return new Interval(this.from, this.to, IntStream.range(0, LOOPS).mapToDouble((i) -> 1).toArray());
		}

	}

	/** A monitor, with the figures that it is expected to report. */
	private final class Observer implements EventLoopListener {

		private final EventLoopMonitor monitor;

		private final long windowNanos;

		private final List<Interval> seconds = new ArrayList<>();

		private final List<LagTruth> truths = new ArrayList<>();

		/** By second and loop. */
		private final List<List<double[]>> arrivals = new ArrayList<>();

		private final int[] peaks = new int[LOOPS];

		private long secondStart;

		private EventLoopSecond second;

		private EventLoopSnapshot last;

		private List<LoopReading> readings = List.of();

		private int reads;

		Observer(EventLoopMonitor monitor, Duration window) {
			this.monitor = monitor;
			this.windowNanos = window.toNanos();
			this.secondStart = LagArithmeticTests.this.time.now();
			monitor.addListener(this);
		}

		/** Plan seconds of random length, and reads at random instants. */
		void plan(long from) {
			Random random = LagArithmeticTests.this.random;
			long end = LagArithmeticTests.this.startedAt + LENGTH;
			for (long at = from; at < end;) {
				at += Duration.ofMillis(700).toNanos() + random.nextLong(Duration.ofMillis(600).toNanos());
				LagArithmeticTests.this.actions.add(new ScheduledAction(at, this::endSecond));
			}
			for (int i = 0; i < 8; i++) {
				LagArithmeticTests.this.actions.add(new ScheduledAction(random.nextLong(from, end), this::read));
			}
		}

		@Override
		public void onSecond(EventLoopSecond second) {
			this.second = second;
		}

		private void endSecond() {
			this.monitor.endSecond();
			EventLoopSecond second = this.second;
			long now = LagArithmeticTests.this.time.now();
			sampleChannels();
			Interval ended = new Interval(this.secondStart, now, weights());
			LagTruth all = new LagTruth();
			for (int i = 0; i < LOOPS; i++) {
				LagTruth truth = new LagTruth();
				addTruth(truth, i, ended.from, ended.alone(), now);
				truth.assertIs(second.loops().get(i).lag());
				LagTruth handled = new LagTruth();
				addHandled(handled, i, ended.from, ended.to, 1);
				handled.assertIs(second.loops().get(i).handledLag());
				addTruth(all, i, ended.from, ended, now);
			}
			all.assertIs(second.lag());
			LagTruth handled = new LagTruth();
			for (int i = 0; i < LOOPS; i++) {
				addHandled(handled, i, ended.from, ended.to, ended.weights[i]);
			}
			handled.assertIs(second.handledLag());
			this.truths.add(all);
			this.arrivals.add(second.loops().stream().map(Observer::lags).toList());
			this.seconds.add(ended);
			this.secondStart = now;
			Arrays.fill(this.peaks, 0);
			sampleChannels();
			check(second.snapshot());
		}

		private static double[] lags(LoopSecond second) {
			return IntStream.range(0, second.arrivals()).mapToDouble(second::arrivalLagNanos).toArray();
		}

		/** Sample the channels: the highest sampled number in a second counts. */
		private void sampleChannels() {
			for (int i = 0; i < LOOPS; i++) {
				this.peaks[i] = Math.max(this.peaks[i], LagArithmeticTests.this.loops.get(i).channels);
			}
		}

		private double[] weights() {
			return ChannelWeights.of(this.peaks.clone());
		}

		void read() {
			sampleChannels();
			EventLoopSnapshot snapshot = this.monitor.snapshot();
			check(snapshot);
			checkUsage(snapshot);
		}

		private void check(EventLoopSnapshot snapshot) {
			long now = LagArithmeticTests.this.time.now();
			List<Interval> window = new ArrayList<>(
					this.seconds.stream().filter((second) -> now - second.to < this.windowNanos).toList());
			window.add(new Interval(this.secondStart, now, weights()));
			long start = window.get(0).from;
			assertThat(snapshot.window()).isEqualTo(Duration.ofNanos(now - start));
			LagTruth all = new LagTruth();
			for (int i = 0; i < LOOPS; i++) {
				LagTruth truth = new LagTruth();
				for (Interval second : window) {
					addTruth(truth, i, start, second.alone(), now);
					addTruth(all, i, start, second, now);
				}
				if (now > start) {
					truth.assertIs(snapshot.loops().get(i).lag());
				}
				assertThat(snapshot.loops().get(i).utilization())
					.isCloseTo((now > start) ? active(i, start, now) / (now - start) : 0, Offset.offset(1e-9));
			}
			if (now > start) {
				all.assertIs(snapshot.lag());
			}
			this.reads++;
		}

		/** Check the usage of the loops since the last read of this observer. */
		private void checkUsage(EventLoopSnapshot snapshot) {
			List<LoopReading> readings = LagArithmeticTests.this.loops.stream()
				.map((loop) -> loop.view().read())
				.toList();
			if (this.last != null && snapshot.nanoTime() > this.last.nanoTime()) {
				long from = this.last.nanoTime();
				long to = snapshot.nanoTime();
				EventLoopUsage usage = snapshot.since(this.last);
				assertThat(usage.duration()).isEqualTo(Duration.ofNanos(to - from));
				for (int i = 0; i < LOOPS; i++) {
					LoopUsage loop = usage.loops().get(i);
					double active = active(i, from, to);
					assertThat((double) loop.ioNanos() + loop.taskNanos()).isEqualTo(active);
					assertThat((double) loop.idleNanos()).isEqualTo(to - from - active);
					assertThat(loop.utilization()).isCloseTo(active / (to - from), Offset.offset(1e-9));
					assertThat(loop.iterations()).isEqualTo(ended(i, from, to, 0));
					assertThat(loop.stalls()).isEqualTo(ended(i, from, to, Duration.ofMillis(100).toNanos()));
					double area = LagArithmeticTests.this.iterations.get(i)
						.stream()
						.mapToDouble((each) -> each.age(from, to))
						.sum();
					assertThat(readings.get(i).lagArea() - this.readings.get(i).lagArea()).as("lag area")
						.isCloseTo(area, Offset.offset(1 + 1e-6 * readings.get(i).lagArea()));
				}
			}
			this.last = snapshot;
			this.readings = readings;
		}

		private double active(int loop, long from, long to) {
			return LagArithmeticTests.this.iterations.get(loop)
				.stream()
				.mapToDouble((each) -> each.overlap(from, to))
				.sum();
		}

		private long ended(int loop, long from, long to, long longerThan) {
			return LagArithmeticTests.this.iterations.get(loop)
				.stream()
				.filter((each) -> each.to > from && each.to <= to && each.to - each.from > longerThan)
				.count();
		}

		void assertHistory() {
			EventLoopHistory history = this.monitor.history();
			assertThat(history.epochMillis()).hasSameSizeAs(this.truths);
			for (int i = 0; i < this.truths.size(); i++) {
				LagTruth truth = this.truths.get(i);
				assertThat((double) history.lagMaxNanos()[i]).isCloseTo(truth.max(),
						Offset.offset(0.01 * truth.max() + 10));
				assertThat(truth.shareAbove(history.lagP99Nanos()[i] + 0.01 * truth.max() + 10))
					.isLessThanOrEqualTo(0.01);
			}
		}

	}

}
