package io.github.eventloop.benchmarks.truth;

import java.util.List;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;

/**
 * A log of the work that is submitted to a loop. It records when the loop is busy: from
 * the start of the first task in an iteration until Netty has run all tasks of that
 * iteration, because nothing else is polled before. Independent of the library.
 * <p>
 * Work may be submitted by any thread. The log is written by the event loop thread only,
 * and is read in a task on the loop.
 */
final class WorkLog {

	private static final int MAX_ITERATIONS = 1 << 20;

	private final SingleThreadEventLoop loop;

	private final long[] from = new long[MAX_ITERATIONS];

	private final long[] to = new long[MAX_ITERATIONS];

	private int number;

	private boolean open;

	WorkLog(EventLoop loop) {
		this.loop = (SingleThreadEventLoop) loop;
	}

	/**
	 * Submit work to the loop.
	 */
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

	/**
	 * Return the truth, computed in a task on the loop.
	 * @param pauses when the process did not run
	 */
	Truth close(List<Interval> pauses) {
		return this.loop.submit(() -> Truth.of(this.from, this.to, this.number, pauses)).syncUninterruptibly().getNow();
	}

}
