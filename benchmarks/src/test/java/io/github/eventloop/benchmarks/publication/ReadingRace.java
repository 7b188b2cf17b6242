package io.github.eventloop.benchmarks.publication;

import java.util.concurrent.TimeUnit;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

import io.github.eventloop.monitor.LoopReading;
import io.github.eventloop.monitor.internal.recorder.LoopRecorder;

/**
 * One iteration of a loop, and a thread that concurrently reads twice. A reading has to
 * be, to the nanosecond, the state after one of the loop's recordings, and the second
 * reading must not be older than the first.
 */
@JCStressTest
@Outcome(id = "-1, .*", expect = Expect.FORBIDDEN, desc = "the first reading is torn")
@Outcome(id = ".*, -1", expect = Expect.FORBIDDEN, desc = "the second reading is torn")
@Outcome(id = ".*, -2", expect = Expect.FORBIDDEN, desc = "the second reading is older than the first")
@Outcome(id = "[0-4], [0-4]", expect = Expect.ACCEPTABLE, desc = "the state at one instant")
@State
public class ReadingRace {

	static final int TORN = -1;

	static final int BACKWARDS = -2;

	private static final int WAITING = 0;

	private static final int POLLED = 1;

	private static final int HANDLED = 2;

	private static final int IN_TASKS = 3;

	private static final int WAITING_AGAIN = 4;

	private static final int EVENTS = 3;

	private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

	/** Long ago, so that no reading predates the recorded times. */
	private static final long BEGIN = System.nanoTime() - TimeUnit.HOURS.toNanos(1);

	private static final long POLL_END = BEGIN + 3 * MILLI;

	private static final long TASKS_BEGIN = BEGIN + 5 * MILLI;

	private static final long END = BEGIN + 10 * MILLI;

	private final LoopRecorder recorder = new LoopRecorder();

	/**
	 * Create a recorder whose loop waits. Without {@code started}, which queries a thread
	 * ID from the operating system: a thousand times as long as the race itself. The time
	 * before therefore counts as its first iteration.
	 */
	public ReadingRace() {
		this.recorder.waiting(BEGIN);
	}

	/**
	 * The calls of the loop.
	 */
	@Actor
	public void loop() {
		this.recorder.polled(POLL_END);
		this.recorder.handled(EVENTS);
		this.recorder.taskPhaseStarted(TASKS_BEGIN);
		this.recorder.waiting(END);
	}

	/**
	 * The reader.
	 * @param result the states that it read
	 */
	@Actor
	public void reader(II_Result result) {
		LoopReading first = this.recorder.read();
		LoopReading second = this.recorder.read();
		result.r1 = stateOf(first);
		result.r2 = stateOf(second);
		if (result.r2 != TORN && result.r2 < result.r1) {
			result.r2 = BACKWARDS;
		}
	}

	private static int stateOf(LoopReading reading) {
		for (int state = WAITING; state <= WAITING_AGAIN; state++) {
			if (isIn(reading, state)) {
				return state;
			}
		}
		return TORN;
	}

	private static boolean isIn(LoopReading reading, int state) {
		long at = reading.at();
		return switch (state) {
			case WAITING -> is(reading, 0, at - BEGIN, 0, 0, 1, 0);
			case POLLED -> is(reading, at - POLL_END, POLL_END - BEGIN, at - POLL_END, 0, 1, 0);
			case HANDLED -> is(reading, at - POLL_END, POLL_END - BEGIN, at - POLL_END, 0, 1, EVENTS);
			case IN_TASKS ->
				is(reading, at - POLL_END, POLL_END - BEGIN, TASKS_BEGIN - POLL_END, at - TASKS_BEGIN, 1, EVENTS);
			default ->
				is(reading, 0, POLL_END - BEGIN + at - END, TASKS_BEGIN - POLL_END, END - TASKS_BEGIN, 2, EVENTS);
		};
	}

	private static boolean is(LoopReading reading, long busy, long idle, long io, long tasks, long iterations,
			long events) {
		return reading.busyNanos() == busy && reading.idleNanos() == idle && reading.ioNanos() == BEGIN + io
				&& reading.taskNanos() == tasks && reading.iterations() == iterations && reading.events() == events
				&& reading.eventsWaiting() == 0;
	}

}
