package io.github.eventloop.benchmarks.jmh;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import io.github.eventloop.monitor.EventLoopSnapshot;

/**
 * A snapshot of all loops over a whole window: nine or ten seconds that the monitor has
 * already summed up, and the second in progress.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, and calls the setup
public class Snapshots {

	/** The number of loops. */
	@Param({ "1", "16", "64" })
	public int loops;

	/** Whether they do anything. */
	@Param({ "false", "true" })
	public boolean busy;

	/** The window, in seconds. */
	@Param("10")
	public int window;

	private RecordedLoops recorded;

	@Setup
	public void record() {
		this.recorded = new RecordedLoops(this.loops, this.busy, Duration.ofSeconds(this.window));
	}

	@Benchmark
	public EventLoopSnapshot snapshot() {
		return this.recorded.monitor().snapshot();
	}

	@TearDown
	public void close() {
		this.recorded.close();
	}

}
