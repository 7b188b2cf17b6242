package io.github.eventloop.sample.exhibit;

import java.util.concurrent.Callable;

import reactor.core.publisher.Mono;

/**
 * What an exhibit answers: enough to see which thread paid, and how long.
 *
 * @param result what came out of the work
 * @param thread name of the thread that finished it
 * @param tookMillis from the start of the work to its result, in milliseconds
 */
public record Outcome(String result, String thread, long tookMillis) {

	/**
	 * Time something that runs where it is subscribed to: on the event loop, unless the
	 * caller says otherwise.
	 * @param work the work
	 * @return the outcome
	 */
	public static Mono<Outcome> of(Callable<String> work) {
		return of(Mono.fromCallable(work));
	}

	/**
	 * Time something that arrives when it is ready.
	 * @param work the work
	 * @return the outcome
	 */
	public static Mono<Outcome> of(Mono<String> work) {
		return work.timed()
			.map((timed) -> new Outcome(timed.get(), Thread.currentThread().getName(), timed.elapsed().toMillis()));
	}

}
