package io.github.eventloop.netty;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorChooserFactory.EventExecutorChooser;

import io.github.eventloop.monitor.LoopRecorder;
import io.github.eventloop.monitor.LoopRecorder.Reading;

/**
 * Takes the loops in turn and passes over those that lag: a connection stays for life
 * with the loop that it is given to.
 * <p>
 * What it would wait there is expected to be what it would have waited lately, or as long
 * as the iteration in progress has taken so far if that is more: how much longer that
 * will take nobody knows, but those that took long take long. A loop is passed over if
 * that is more than is noticed, and more than twice of what the best loop offers: when
 * all of them lag there is nothing to be gained, and being fair is better.
 * <p>
 * Thread-safe. Accepting and connecting loops ask it, one question for each connection.
 */
final class LeastLagChooser implements EventExecutorChooser {

	/** As long as a fast answer takes: less is not worth being unfair for. */
	private static final long UNNOTICED_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	/** Chosen so that loops which lag for a common reason all keep their turn. */
	private static final int MUCH_MORE = 2;

	private final Candidate[] candidates;

	/** Guarded by this chooser's monitor, as the candidates' state is. */
	private int next;

	LeastLagChooser(EventExecutor[] loops) {
		this.candidates = Arrays.stream(loops)
			.map((loop) -> new Candidate((MonitoredEventLoop) loop))
			.toArray(Candidate[]::new);
	}

	@Override
	public synchronized EventExecutor next() {
		Candidate candidate = take();
		long expected = candidate.expectedNanos();
		if (expected > UNNOTICED_NANOS) {
			long most = Math.max(UNNOTICED_NANOS, MUCH_MORE * least());
			// Ends at the best of them at the latest, unless that has just become worse.
			for (int i = 1; i < this.candidates.length && expected > most; i++) {
				candidate = take();
				expected = candidate.expectedNanos();
			}
		}
		return candidate.loop;
	}

	private Candidate take() {
		Candidate candidate = this.candidates[this.next];
		this.next = (this.next + 1) % this.candidates.length;
		return candidate;
	}

	private long least() {
		long least = Long.MAX_VALUE;
		for (Candidate candidate : this.candidates) {
			least = Math.min(least, candidate.expectedNanos());
		}
		return least;
	}

	/**
	 * A loop, and what it had noted a while ago.
	 */
	private static final class Candidate {

		/** Lately: in the last one or two of these, or since the last questions. */
		private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

		/** A mean over more than that says nothing of what is now. */
		private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

		private final MonitoredEventLoop loop;

		private Reading base;

		private Reading nextBase;

		private Reading newest;

		Candidate(MonitoredEventLoop loop) {
			this.loop = loop;
			this.base = recorder().read();
			this.nextBase = this.base;
			this.newest = this.base;
		}

		private LoopRecorder recorder() {
			return this.loop.recorder();
		}

		long expectedNanos() {
			Reading read = recorder().tryRead();
			if (read != null) {
				this.newest = read;
			}
			Reading now = this.newest;
			if (now.at() - this.nextBase.at() >= PERIOD_NANOS) {
				this.base = this.nextBase;
				this.nextBase = now;
			}
			long elapsed = now.at() - this.base.at();
			boolean known = elapsed > 0 && elapsed <= LONGEST_NANOS;
			double lately = known ? (now.lagArea() - this.base.lagArea()) / elapsed : 0;
			return Math.max(now.busyNanos(), (long) lately);
		}

	}

}
