package io.github.eventloop.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A load that has been started. Closing it stops it. Thread-safe.
 */
public final class LoadRun implements AutoCloseable {

	private final Sender sender;

	private final CompletableFuture<LoadResult> result;

	LoadRun(Sender sender, CompletableFuture<LoadResult> result) {
		this.sender = sender;
		this.result = result;
	}

	/**
	 * Return how long ago it began, which is the time scale of its samples.
	 * @return the time since then
	 */
	public Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - this.sender.startedAt());
	}

	/**
	 * Wait until the last request of the plan has ended.
	 * @return what became of them
	 */
	public LoadResult await() {
		return this.result.join();
	}

	/**
	 * Send no more, wait until the requests on their way have ended.
	 * @return what became of those that were sent
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
