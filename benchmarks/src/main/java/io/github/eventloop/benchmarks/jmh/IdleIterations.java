package io.github.eventloop.benchmarks.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/**
 * An iteration in which the loop may block, does not have to, and finds nothing to do:
 * the minimum cost of a wake-up.
 */
public class IdleIterations extends Iterations {

	private static final int ITERATIONS = 100_000;

	private final NoOpIoHandler ioHandler = new NoOpIoHandler();

	@Setup
	public void start() {
		start(this.ioHandler.factory()).submit(() -> {
		}).syncUninterruptibly();
	}

	@Benchmark
	@OperationsPerInvocation(ITERATIONS)
	public void iteration() {
		this.ioHandler.iterate(ITERATIONS);
	}

}
