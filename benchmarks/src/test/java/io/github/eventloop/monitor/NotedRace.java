package io.github.eventloop.monitor;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A loop that notes two more long iterations than there is room for, and a thread that
 * meanwhile reads the one which the last of them replaces, and then the first of the two.
 * What is read has to be all of an iteration, or nothing.
 */
@JCStressTest
@Outcome(id = "-1, .*", expect = Expect.FORBIDDEN, desc = "what is replaced is torn, or is another")
@Outcome(id = ".*, -1", expect = Expect.FORBIDDEN, desc = "what is new is torn, or is another")
@Outcome(id = "[01], [01]", expect = Expect.ACCEPTABLE, desc = "all of it, or nothing")
@State
public class NotedRace {

	private static final int TORN = -1;

	private static final int NOTHING = 0;

	private static final int ALL = 1;

	/** One is not to be read any more that may be replaced at any time. */
	private static final int OLDEST = 1;

	private static final int ROOM = 32;

	private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

	private static final long BEGIN = System.nanoTime() - TimeUnit.HOURS.toNanos(1);

	private final LoopRecorder recorder = new LoopRecorder();

	/**
	 * Create a recorder that is full.
	 */
	public NotedRace() {
		// In this order: the time before counts as an iteration, which is not to be
		// noted.
		this.recorder.waiting(BEGIN);
		this.recorder.noteIterationsFrom(MILLI);
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
	 * What the loop does.
	 */
	@Actor
	public void loop() {
		iterate(ROOM);
		iterate(ROOM + OLDEST);
	}

	/**
	 * What a reader sees.
	 * @param result what it saw of both
	 */
	@Actor
	public void reader(II_Result result) {
		result.r1 = stateOf(OLDEST, this.recorder.noted(OLDEST));
		result.r2 = (this.recorder.notedCount() > ROOM) ? stateOf(ROOM, this.recorder.noted(ROOM)) : NOTHING;
	}

	private static int stateOf(int number, @Nullable LongIteration noted) {
		if (noted == null) {
			return NOTHING;
		}
		boolean isIt = noted.startedAt() == startOf(number) && noted.endedAt() == endOf(number)
				&& noted.events() == number;
		return isIt ? ALL : TORN;
	}

}
