package io.github.eventloop.sample.exhibit;

import java.util.concurrent.Callable;

import reactor.core.publisher.Mono;

/**
 * Response of an exhibit: the result, the thread that produced it and the time it took.
 *
 * @param result result of the work
 * @param thread name of the thread that completed it
 * @param tookMillis from the start of the work to its result, in milliseconds
 */
public record Outcome(String result, String thread, long tookMillis) {

	/**
	 * Measure the time of work that runs on the subscribing thread: on the event loop,
	 * unless the caller uses another scheduler.
	 * @param work the work
	 * @return the outcome
	 */
	public static Mono<Outcome> of(Callable<String> work) {
		return of(Mono.fromCallable(work));
	}

	/**
	 * Measure the time of work that completes asynchronously.
	 * @param work the work
	 * @return the outcome
	 */
	public static Mono<Outcome> of(Mono<String> work) {
		return work.timed()
			.map((timed) -> new Outcome(timed.get(), Thread.currentThread().getName(), timed.elapsed().toMillis()));
	}

}
