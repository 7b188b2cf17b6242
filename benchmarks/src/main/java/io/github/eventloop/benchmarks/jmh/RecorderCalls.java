package io.github.eventloop.benchmarks.jmh;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import io.github.eventloop.monitor.internal.recorder.LoopRecorder;

/**
 * The calls that a loop makes to its recorder in each iteration, without the loop itself.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, and calls the setup
public class RecorderCalls {

	private LoopRecorder recorder;

	private long now;

	@Setup
	public void start() {
		this.recorder = new LoopRecorder();
		this.now = System.nanoTime();
		this.recorder.started(this.now);
	}

	/** For comparison: the clock alone. */
	@Benchmark
	public long clock() {
		return System.nanoTime();
	}

	/** Record an iteration without events and tasks, excluding the clock. */
	@Benchmark
	public void recordingOnly() {
		this.now += 20_000;
		this.recorder.waiting(this.now);
		this.now += 10_000;
		this.recorder.polled(this.now);
	}

	/** Record an iteration without events and tasks. */
	@Benchmark
	public void emptyIteration() {
		this.recorder.waiting(System.nanoTime());
		this.recorder.polled(System.nanoTime());
	}

	/** Record an iteration with events and a task. */
	@Benchmark
	public void fullIteration() {
		this.recorder.waiting(System.nanoTime());
		this.recorder.polled(System.nanoTime());
		this.recorder.handled(1);
		this.recorder.taskStarted();
		this.recorder.taskPhaseStarted(System.nanoTime());
	}

}
