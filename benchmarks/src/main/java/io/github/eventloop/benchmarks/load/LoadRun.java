package io.github.eventloop.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A running load. Closing it stops it. Thread-safe.
 */
public final class LoadRun implements AutoCloseable {

	private final Sender sender;

	private final CompletableFuture<LoadResult> result;

	LoadRun(Sender sender, CompletableFuture<LoadResult> result) {
		this.sender = sender;
		this.result = result;
	}

	/**
	 * Return the time since the start of the load, which is the time scale of its
	 * samples.
	 * @return the elapsed time
	 */
	public Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - this.sender.startedAt());
	}

	/**
	 * Wait until the last request of the plan has ended.
	 * @return the outcomes of all requests
	 */
	public LoadResult await() {
		return this.result.join();
	}

	/**
	 * Stop sending, and wait until the requests in flight have ended.
	 * @return the outcomes of the requests that were sent
	 */
	public LoadResult stop() {
		this.sender.stop();
		return await();
	}

	@Override
	public void close() {
		this.sender.stop();
		this.result.handle((result, failure) -> true).join();
	}

}
