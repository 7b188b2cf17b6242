package io.github.eventloop.sample.offenders;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

import io.github.eventloop.sample.backend.BackendClient;
import io.github.eventloop.sample.exhibit.Bounds;
import io.github.eventloop.sample.exhibit.Offender;
import io.github.eventloop.sample.exhibit.Outcome;
import io.github.eventloop.sample.stores.VisitorCounter;

@RestController
@Offender(name = "redis", wrong = """
		block() in the callback of a Redis command blocks the loop of Lettuce, whose threads do
		not reject it, and so every other command of the connection.""", expect = """
		Lag and utilization of a loop of the group lettuce rise, with little CPU. Those of the
		server stay low, and so does the status. The first request starts a Redis server.""",
		cure = "flatMap subscribes to the call; Lettuce's loop serves other commands until the response arrives.")
class RedisController {

	private final VisitorCounter visitors;

	private final BackendClient client;

	RedisController(VisitorCounter visitors, BackendClient client) {
		this.visitors = visitors;
		this.client = client;
	}

	@GetMapping("/offenders/redis")
	Mono<Outcome> block(@RequestParam(defaultValue = "500") int millis) {
		Bounds.require("millis", millis, 1, 5_000);
		return Outcome.of(this.visitors.count().mapNotNull((count) -> this.client.stock(millis).block()));
	}

	@GetMapping("/cures/redis")
	Mono<Outcome> compose(@RequestParam(defaultValue = "500") int millis) {
		Bounds.require("millis", millis, 1, 5_000);
		return Outcome.of(this.visitors.count().flatMap((count) -> this.client.stock(millis)));
	}

}
