package io.github.eventloop.finding;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Facts about the process that the event loops do not show. Immutable.
 *
 * @param processors the number of CPUs that the JVM may use
 * @param startedAt when the JVM was started
 * @param probedOnApplicationPort whether a platform probes this process on the port of
 * the application, and therefore on the application's loops
 * @param workerWaits how long a task has been waiting for a thread, for each scheduler
 * that is measured; {@code null} if none is
 * @param exhaustedPools the connection pools whose connections are all in use, as
 * {@link io.github.eventloop.stall.ExhaustedPools} describes them; {@code null} if no
 * pool can be read
 * @param unmeasuredLoops the event loop threads that are not measured, by their names,
 * each with its state
 * @since 0.1.0
 */
public record ProcessFacts(int processors, Instant startedAt, boolean probedOnApplicationPort,
		@Nullable Map<String, Duration> workerWaits, @Nullable List<String> exhaustedPools,
		Map<String, Thread.State> unmeasuredLoops) {
}
