package io.github.eventloop.benchmarks;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;

/**
 * The true utilization and lag of one loop, derived from the log of its work. An event
 * that becomes ready while the loop is busy, or the process paused, waits until that is
 * over: each such interval of length {@code d} adds {@code max(0, d - x)} to the time in
 * which the lag is longer than {@code x}. Only the part of an interval within the given
 * time counts, both for its length and for the time in which events arrive.
 *
 * @param iterations when the loop was busy, in order
 * @param pauses when the process did not run
 */
record Truth(List<Interval> iterations, List<Interval> pauses) {

	private static final double NANOS_PER_MILLI = 1e6;

	/** Return the true figures of a period. */
	Figures during(Interval time) {
		List<Interval> busy = this.iterations.stream()
			.filter((iteration) -> iteration.overlaps(time))
			.map((iteration) -> iteration.within(time))
			.toList();
		List<Interval> paused = this.pauses.stream()
			.filter((pause) -> pause.overlaps(time))
			.map((pause) -> pause.within(time))
			.toList();
		Stream<Interval> slept = paused.stream().map((pause) -> sleptThrough(pause, busy));
		long[] lengths = Stream.concat(busy.stream(), slept).mapToLong(Interval::nanos).sorted().toArray();
		return new Figures((double) sum(busy) / time.nanos(), lag(lengths, 0.5, time), lag(lengths, 0.9, time),
				lag(lengths, 0.99, time), (lengths.length > 0) ? lengths[lengths.length - 1] / NANOS_PER_MILLI : 0,
				sum(paused) / NANOS_PER_MILLI);
	}

	/** The iteration of a busy loop already includes the pause. */
	private static Interval sleptThrough(Interval pause, List<Interval> busy) {
		long from = pause.from();
		long to = pause.to();
		for (Interval iteration : busy) {
			if (iteration.overlaps(new Interval(from, to))) {
				if (iteration.from() <= from) {
					from = Math.min(to, iteration.to());
				}
				else {
					to = iteration.from();
				}
			}
		}
		return new Interval(from, to);
	}

	private static long sum(List<Interval> intervals) {
		return intervals.stream().mapToLong(Interval::nanos).sum();
	}

	/**
	 * Return the lag that a share of the events does not exceed. With the longest
	 * {@code n} of the lengths above it, {@code sum(d) - n * x} is the time during which
	 * it is exceeded.
	 */
	private static double lag(long[] sorted, double share, Interval time) {
		double exceeded = (1 - share) * time.nanos();
		long sum = 0;
		for (int i = sorted.length - 1; i >= 0; i--) {
			sum += sorted[i];
			int number = sorted.length - i;
			double lag = (sum - exceeded) / number;
			long next = (i > 0) ? sorted[i - 1] : 0;
			if (lag >= next) {
				return lag / NANOS_PER_MILLI;
			}
		}
		return 0;
	}

	/** The time between two instants, in terms of {@link System#nanoTime()}. */
	record Interval(long from, long to) {

		long nanos() {
			return this.to - this.from;
		}

		private boolean overlaps(Interval other) {
			return this.from < other.to && other.from < this.to;
		}

		/** Return the part of this interval within another one, which has to overlap. */
		private Interval within(Interval other) {
			return new Interval(Math.max(this.from, other.from), Math.min(this.to, other.to));
		}

	}

	/**
	 * The figures of one loop over a period of time.
	 *
	 * @param utilization the share of the time that it was busy, 0 to 1
	 * @param pauseMillis the time for which the whole process did not run
	 */
	record Figures(double utilization, double p50Millis, double p90Millis, double p99Millis, double maxMillis,
			double pauseMillis) {

		double[] values() {
			return new double[] { this.utilization, this.p50Millis, this.p90Millis, this.p99Millis, this.maxMillis,
					this.pauseMillis };
		}

	}

	/**
	 * A log of the work that is submitted to a loop. It records when the loop is busy:
	 * from the start of the first task in an iteration until Netty has run all tasks of
	 * that iteration, because nothing else is polled before. Independent of the library.
	 * <p>
	 * Work may be submitted by any thread. The log is written by the event loop thread
	 * only, and is read in a task on the loop.
	 */
	static final class WorkLog {

		private static final int MAX_ITERATIONS = 1 << 20;

		private final SingleThreadEventLoop loop;

		private final long[] from = new long[MAX_ITERATIONS];

		private final long[] to = new long[MAX_ITERATIONS];

		private int number;

		private boolean open;

		WorkLog(EventLoop loop) {
			this.loop = (SingleThreadEventLoop) loop;
		}

		void execute(Runnable work) {
			this.loop.execute(() -> {
				begin();
				work.run();
			});
		}

		private void begin() {
			if (!this.open) {
				this.open = true;
				this.from[this.number] = System.nanoTime();
				this.loop.executeAfterEventLoopIteration(this::end);
			}
		}

		private void end() {
			this.to[this.number] = System.nanoTime();
			this.number++;
			this.open = false;
		}

		/** Return the truth, computed in a task on the loop. */
		Truth close(List<Interval> pauses) {
			return this.loop.submit(() -> new Truth(
					IntStream.range(0, this.number).mapToObj((i) -> new Interval(this.from[i], this.to[i])).toList(),
					pauses))
				.syncUninterruptibly()
				.getNow();
		}

	}

}
