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

import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.EventLoopSnapshot;

/**
 * The work of the health policy once a second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, and calls the setup
public class Judgements {

	/** At least as long as the policy requires. */
	private static final Duration WINDOW = Duration.ofSeconds(5);

	/** The number of loops. */
	@Param({ "1", "16", "64" })
	public int loops;

	private EventLoopHealth health;

	private EventLoopSecond second;

	private long at;

	@Setup
	public void record() {
		try (RecordedLoops recorded = new RecordedLoops(this.loops, true, WINDOW)) {
			this.health = new EventLoopHealth(recorded.monitor(), HealthSettings.DEFAULT, (event) -> {
			});
			this.second = recorded.second();
			this.at = this.second.snapshot().nanoTime();
		}
	}

	@Benchmark
	public EventLoopStatus judge() {
		this.at += 1_000_000_000;
		EventLoopSnapshot last = this.second.snapshot();
		EventLoopSnapshot next = new EventLoopSnapshot(last.at(), this.at, last.window(), last.lag(),
				last.utilization(), last.pause(), last.stalls(), last.stallsInProgress(), last.loops());
		this.health.onSecond(new EventLoopSecond(this.second.lag(), this.second.handledLag(), this.second.utilization(),
				this.second.pauseNanos(), this.second.loops(), next));
		return this.health.status();
	}

}
