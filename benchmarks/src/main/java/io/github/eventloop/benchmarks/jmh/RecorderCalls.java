package io.github.eventloop.benchmarks.jmh;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import io.github.eventloop.monitor.LoopRecorder;

/**
 * What a loop calls in each of its turns, without the loop.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, and calls the setup
public class RecorderCalls {

	private LoopRecorder recorder;

	private long now;

	/**
	 * Start to record.
	 */
	@Setup
	public void start() {
		this.recorder = new LoopRecorder();
		this.now = System.nanoTime();
		this.recorder.started(this.now);
	}

	/**
	 * For comparison: the clock alone.
	 * @return the instant
	 */
	@Benchmark
	public long clock() {
		return System.nanoTime();
	}

	/**
	 * What is noted in a turn without events and tasks, the clock left out.
	 */
	@Benchmark
	public void notes() {
		this.now += 20_000;
		this.recorder.waiting(this.now);
		this.now += 10_000;
		this.recorder.polled(this.now);
	}

	/**
	 * What is noted in a turn without events and tasks.
	 */
	@Benchmark
	public void emptyTurn() {
		this.recorder.waiting(System.nanoTime());
		this.recorder.polled(System.nanoTime());
	}

	/**
	 * What is noted in a turn with events and a task.
	 */
	@Benchmark
	public void fullTurn() {
		this.recorder.waiting(System.nanoTime());
		this.recorder.polled(System.nanoTime());
		this.recorder.handled(1);
		this.recorder.taskStarted();
		this.recorder.tasksStarted(System.nanoTime());
	}

}
