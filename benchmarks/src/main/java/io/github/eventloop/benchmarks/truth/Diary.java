package io.github.eventloop.benchmarks.truth;

import java.util.List;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;

/**
 * Gives a loop work, and notes when the loop was busy with it: from the beginning of the
 * first piece in one of its turns until Netty has run all that it took in that turn, for
 * nothing else is looked at before. Knows nothing of the library.
 * <p>
 * Work may be given by any thread. The notes are written by the loop's thread only, and
 * may be read when the loop has been told to read them, on the loop.
 */
final class Diary {

	private static final int MOST = 1 << 20;

	private final SingleThreadEventLoop loop;

	private final long[] from = new long[MOST];

	private final long[] to = new long[MOST];

	private int number;

	private boolean open;

	Diary(EventLoop loop) {
		this.loop = (SingleThreadEventLoop) loop;
	}

	/**
	 * Have the loop do some work.
	 */
	void give(Runnable work) {
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
	 * Return what was true, when the loop gets to it.
	 * @param pauses when the process did not run
	 */
	Truth close(List<Interval> pauses) {
		return this.loop.submit(() -> Truth.of(this.from, this.to, this.number, pauses)).syncUninterruptibly().getNow();
	}

}
