package io.github.eventloop.benchmarks.jmh;

import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoopGroup;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * An iteration in which the loop may block, does not have to, and finds nothing to do:
 * the minimum cost of a wake-up.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, and calls the setup
public class IdleIterations {

	static final int ITERATIONS = 100_000;

	/** The implementation of the loop. */
	@Param
	public Loops loops;

	private final NoOpIoHandler ioHandler = new NoOpIoHandler();

	private EventLoopGroup group;

	/**
	 * Start the loop.
	 */
	@Setup
	public void start() {
		this.group = this.loops.newGroup(this.ioHandler.factory());
		this.group.submit(() -> {
		}).syncUninterruptibly();
	}

	/**
	 * Run one iteration.
	 */
	@Benchmark
	@OperationsPerInvocation(ITERATIONS)
	public void iteration() {
		this.ioHandler.iterate(ITERATIONS);
	}

	/**
	 * Stop the loop.
	 */
	@TearDown
	public void end() {
		this.group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
	}

}
