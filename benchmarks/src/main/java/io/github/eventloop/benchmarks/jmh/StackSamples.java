package io.github.eventloop.benchmarks.jmh;

import java.util.List;
import java.util.concurrent.CountDownLatch;
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

import io.github.eventloop.monitor.internal.recorder.LoopRecorder;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.internal.sample.ThreadSampler;

/**
 * A stack sample of a thread that computes, as taken of a stalled loop.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, and calls the setup
public class StackSamples {

	/** The number of frames on its stack. */
	@Param({ "30", "100" })
	public int frames;

	private final LoopRecorder recorder = new LoopRecorder();

	private Thread thread;

	private final ThreadSampler sampler = new ThreadSampler(new StackReader(List.of("io.github.eventloop.benchmarks")));

	private List<ThreadSampler.Target> targets;

	/** Volatile: set by the benchmark, read by the thread. */
	private volatile boolean ended;

	@Setup
	public void start() throws InterruptedException {
		CountDownLatch running = new CountDownLatch(1);
		this.thread = new Thread(() -> {
			this.recorder.started(System.nanoTime());
			running.countDown();
			compute(this.frames - 3);
		}, "sampled");
		this.thread.setDaemon(true);
		this.thread.start();
		running.await();
		this.targets = List.of(new ThreadSampler.Target(this.thread, this.recorder.osThreadId()));
	}

	private int compute(int frames) {
		if (frames > 0) {
			return compute(frames - 1) + 1;
		}
		while (!this.ended) {
			Thread.onSpinWait();
		}
		return 0;
	}

	@Benchmark
	public Object sample() {
		return this.sampler.sample(this.targets);
	}

	@TearDown
	public void end() throws InterruptedException {
		this.ended = true;
		this.thread.join();
	}

}
