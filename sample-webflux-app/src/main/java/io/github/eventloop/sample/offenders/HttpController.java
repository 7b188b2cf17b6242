package io.github.eventloop.sample.offenders;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

import io.github.eventloop.sample.backend.Backend;
import io.github.eventloop.sample.backend.BackendClient;
import io.github.eventloop.sample.exhibit.Bounds;
import io.github.eventloop.sample.exhibit.Offender;
import io.github.eventloop.sample.exhibit.Outcome;

@RestController
@Offender(name = "http", wrong = "A blocking HTTP client waits on the loop until the stock service responds.",
		expect = "Lag rises up to the response time of the service and utilization rises, with little CPU.",
		cure = "WebClient calls the same service; the loop serves others until the response arrives.")
class HttpController {

	private final HttpClient blocking = HttpClient.newHttpClient();

	private final Backend backend;

	private final BackendClient client;

	HttpController(Backend backend, BackendClient client) {
		this.backend = backend;
		this.client = client;
	}

	@GetMapping("/offenders/http")
	Mono<Outcome> send(@RequestParam(defaultValue = "400") int millis) {
		Bounds.require("millis", millis, 1, 5_000);
		HttpRequest request = HttpRequest.newBuilder(this.backend.stock(millis)).build();
		return Outcome.of(() -> this.blocking.send(request, BodyHandlers.ofString()).body());
	}

	@GetMapping("/cures/http")
	Mono<Outcome> exchange(@RequestParam(defaultValue = "400") int millis) {
		Bounds.require("millis", millis, 1, 5_000);
		return Outcome.of(this.client.stock(millis));
	}

}
