package io.github.eventloop.sample.stores;

import java.util.concurrent.Callable;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Starts a server when it is first used, so that the shop also starts where the server
 * does not run.
 */
final class FirstUse {

	private FirstUse() {
	}

	/**
	 * Start a server on a worker thread when the result is first subscribed to. If that
	 * fails, the response has the status 503.
	 */
	static <T> Mono<T> start(String server, Callable<T> start) {
		return Mono.fromCallable(start)
			.subscribeOn(Schedulers.boundedElastic())
			.onErrorMap((ex) -> new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE,
					"%s could not be started: %s".formatted(server, ex.getMessage()), ex))
			.cache();
	}

}
