package io.github.eventloop.benchmarks.publication;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

import io.github.eventloop.monitor.LongIteration;
import io.github.eventloop.monitor.internal.recorder.LoopRecorder;

/**
 * A loop that records two more long iterations than the recorder can hold, and a thread
 * that concurrently reads the iteration that the last of them replaces, and then the
 * first of the two. A read has to return a complete iteration, or nothing.
 */
@JCStressTest
@Outcome(id = "-1, .*", expect = Expect.FORBIDDEN, desc = "the replaced iteration is torn, or is another one")
@Outcome(id = ".*, -1", expect = Expect.FORBIDDEN, desc = "the new iteration is torn, or is another one")
@Outcome(id = "[01], [01]", expect = Expect.ACCEPTABLE, desc = "the complete iteration, or nothing")
@State
public class LongIterationRace {

	private static final int TORN = -1;

	private static final int NOTHING = 0;

	private static final int ALL = 1;

	/** The oldest iteration may be replaced at any time, and is no longer readable. */
	private static final int OLDEST = 1;

	private static final int ROOM = 32;

	private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

	private static final long BEGIN = System.nanoTime() - TimeUnit.HOURS.toNanos(1);

	private final LoopRecorder recorder = new LoopRecorder();

	/**
	 * Create a recorder that is full.
	 */
	public LongIterationRace() {
		// In this order: the time before counts as an iteration, which must not be
		// recorded.
		this.recorder.waiting(BEGIN);
		this.recorder.recordIterationsLongerThan(MILLI);
		for (int number = 0; number < ROOM; number++) {
			iterate(number);
		}
	}

	private void iterate(int number) {
		this.recorder.polled(startOf(number));
		this.recorder.handled(number);
		this.recorder.waiting(endOf(number));
	}

	private static long startOf(int number) {
		return BEGIN + number * 100 * MILLI;
	}

	private static long endOf(int number) {
		return startOf(number) + (10 + number) * MILLI;
	}

	/**
	 * The calls of the loop.
	 */
	@Actor
	public void loop() {
		iterate(ROOM);
		iterate(ROOM + OLDEST);
	}

	/**
	 * The reader.
	 * @param result what it read of both iterations
	 */
	@Actor
	public void reader(II_Result result) {
		result.r1 = stateOf(OLDEST, this.recorder.longIteration(OLDEST));
		result.r2 = (this.recorder.longIterationCount() > ROOM) ? stateOf(ROOM, this.recorder.longIteration(ROOM))
				: NOTHING;
	}

	private static int stateOf(int number, @Nullable LongIteration iteration) {
		if (iteration == null) {
			return NOTHING;
		}
		boolean isIt = iteration.startedAt() == startOf(number) && iteration.endedAt() == endOf(number)
				&& iteration.events() == number;
		return isIt ? ALL : TORN;
	}

}
