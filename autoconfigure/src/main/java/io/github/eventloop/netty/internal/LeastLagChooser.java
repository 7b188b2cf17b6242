package io.github.eventloop.netty.internal;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorChooserFactory.EventExecutorChooser;

import io.github.eventloop.monitor.LoopReading;
import io.github.eventloop.monitor.LoopView;

/**
 * Event loop chooser that goes round robin and skips loops that lag, since a connection
 * stays on its event loop until it is closed.
 * <p>
 * The expected lag of a loop is its recent mean lag, or the age of its iteration in
 * progress if that is longer: an iteration that has taken long is likely to take longer
 * still. A loop is skipped if its expected lag is noticeable and more than twice that of
 * the best loop. If all loops lag, skipping gains nothing and an even distribution is
 * better.
 * <p>
 * Thread-safe. Called once per connection, by loops that accept or open connections.
 */
public final class LeastLagChooser implements EventExecutorChooser {

	/** Duration of a fast response: less lag does not justify an uneven distribution. */
	private static final long UNNOTICEABLE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	/** High enough that loops which lag for a common reason are all kept. */
	private static final int TOLERATED_RATIO = 2;

	private final Candidate[] candidates;

	/** Guarded by this chooser's monitor, as is the state of the candidates. */
	private int next;

	public LeastLagChooser(EventExecutor[] loops) {
		this.candidates = Arrays.stream(loops)
			.map((loop) -> new Candidate((MonitoredEventLoop) loop))
			.toArray(Candidate[]::new);
	}

	@Override
	public synchronized EventExecutor next() {
		Candidate candidate = nextCandidate();
		long expected = candidate.expectedNanos();
		if (expected > UNNOTICEABLE_NANOS) {
			long limit = Math.max(UNNOTICEABLE_NANOS, TOLERATED_RATIO * leastExpectedNanos());
			// Stops at the best loop at the latest, unless its lag has just increased.
			for (int i = 1; i < this.candidates.length && expected > limit; i++) {
				candidate = nextCandidate();
				expected = candidate.expectedNanos();
			}
		}
		return candidate.loop;
	}

	private Candidate nextCandidate() {
		Candidate candidate = this.candidates[this.next];
		this.next = (this.next + 1) % this.candidates.length;
		return candidate;
	}

	private long leastExpectedNanos() {
		long least = Long.MAX_VALUE;
		for (Candidate candidate : this.candidates) {
			least = Math.min(least, candidate.expectedNanos());
		}
		return least;
	}

	/**
	 * A loop and its recent readings.
	 */
	private static final class Candidate {

		/**
		 * The mean covers the last one or two periods, or more if calls are rare.
		 */
		private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

		/** A mean over a longer time does not reflect the current lag. */
		private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

		private final MonitoredEventLoop loop;

		private LoopReading base;

		private LoopReading nextBase;

		private LoopReading newest;

		Candidate(MonitoredEventLoop loop) {
			this.loop = loop;
			this.base = view().read();
			this.nextBase = this.base;
			this.newest = this.base;
		}

		private LoopView view() {
			return this.loop.view();
		}

		long expectedNanos() {
			LoopReading read = view().tryRead();
			if (read != null) {
				this.newest = read;
			}
			LoopReading now = this.newest;
			if (now.at() - this.nextBase.at() >= PERIOD_NANOS) {
				this.base = this.nextBase;
				this.nextBase = now;
			}
			long elapsed = now.at() - this.base.at();
			boolean recent = elapsed > 0 && elapsed <= LONGEST_NANOS;
			double mean = recent ? (now.lagArea() - this.base.lagArea()) / elapsed : 0;
			return Math.max(now.busyNanos(), (long) mean);
		}

	}

}
