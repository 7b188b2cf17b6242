package io.github.eventloop.sample.offenders;

import java.util.List;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebInputException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.sample.catalog.Product;
import io.github.eventloop.sample.exhibit.Offender;
import io.github.eventloop.sample.exhibit.Outcome;

@RestController
@Offender(name = "json", command = """
		curl -s {shop}/catalog/export |
		          curl -s -H 'Content-Type: application/json' --data-binary @- {shop}{path}""",
		wrong = "A body of several megabytes is parsed at once, on the loop that received it.", expect = """
				Lag, utilization and CPU rise with the size of the body, most for the first request,
				while the parser is not yet compiled. The stack only has frames of frameworks.""",
		cure = "The loop collects the bytes, a worker thread parses them.")
class JsonController {

	private final JsonMapper json;

	JsonController(JsonMapper json) {
		this.json = json;
	}

	@PostMapping("/offenders/json")
	Mono<Outcome> parsed(@RequestBody Mono<List<Product>> products) {
		return Outcome.of(products.map((parsed) -> parsed.size() + " products"));
	}

	@PostMapping("/cures/json")
	Mono<Outcome> parse(@RequestBody Mono<byte[]> body) {
		return Outcome.of(body.publishOn(Schedulers.boundedElastic())
			.map((bytes) -> this.json.readValue(bytes, Product[].class))
			.onErrorMap(JacksonException.class, (ex) -> new ServerWebInputException("Unreadable body", null, ex))
			.map((parsed) -> parsed.length + " products"));
	}

}
