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
 * A turn in which the loop may wait, does not need to, and has nothing to do: what every
 * wake-up costs at least.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, and calls the setup
public class IdleTurns {

	static final int TURNS = 100_000;

	/** Whose loop it is. */
	@Param
	public Loops loops;

	private final Turnstile turnstile = new Turnstile();

	private EventLoopGroup group;

	/**
	 * Start the loop.
	 */
	@Setup
	public void start() {
		this.group = this.loops.newGroup(this.turnstile.factory());
		this.group.submit(() -> {
		}).syncUninterruptibly();
	}

	/**
	 * One turn.
	 */
	@Benchmark
	@OperationsPerInvocation(TURNS)
	public void turn() {
		this.turnstile.turn(TURNS);
	}

	/**
	 * End the loop.
	 */
	@TearDown
	public void end() {
		this.group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
	}

}
