package io.github.eventloop.sample.innocents;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

import io.github.eventloop.sample.backend.BackendClient;
import io.github.eventloop.sample.exhibit.Bounds;
import io.github.eventloop.sample.exhibit.Innocent;
import io.github.eventloop.sample.exhibit.Outcome;

@RestController
@Innocent(name = "slow-backend", looks = "Every request takes a second, because the stock service takes that long.",
		expect = """
				Lag and utilization are as low as when idle, however many requests wait: latency
				is not lag. inFlightRequests counts them.""")
class SlowBackendController {

	private final BackendClient client;

	SlowBackendController(BackendClient client) {
		this.client = client;
	}

	@GetMapping("/innocents/slow-backend")
	Mono<Outcome> request(@RequestParam(defaultValue = "1000") int millis) {
		Bounds.require("millis", millis, 1, 10_000);
		return Outcome.of(this.client.stock(millis));
	}

}
