package io.github.eventloop.sample.offenders;

import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import io.github.eventloop.sample.backend.Backend;
import io.github.eventloop.sample.backend.BackendClient;
import io.github.eventloop.sample.exhibit.Bounds;
import io.github.eventloop.sample.exhibit.Offender;
import io.github.eventloop.sample.exhibit.Outcome;
import io.github.eventloop.sample.stores.PostgresStore;

@RestController
@Offender(name = "r2dbc", wrong = """
		A blocking HTTP client requests the stock for each row of a query, on the loop of the
		connection. Five rows arrive at once, and block the loop for five responses.""", expect = """
		Lag and utilization of a loop of the group reactor-tcp rise, with little CPU. Those of
		the server stay low, and so does the status. The first request starts PostgreSQL.""",
		cure = "WebClient requests the stock for each row; the loop reads the next row meanwhile.")
class R2dbcController {

	private static final String PRODUCTS = "SELECT * FROM generate_series(1, 5)";

	private final RestClient blocking = RestClient.builder().requestFactory(new JdkClientHttpRequestFactory()).build();

	private final PostgresStore store;

	private final Backend backend;

	private final BackendClient client;

	R2dbcController(PostgresStore store, Backend backend, BackendClient client) {
		this.store = store;
		this.backend = backend;
		this.client = client;
	}

	@GetMapping("/offenders/r2dbc")
	Mono<Outcome> block(@RequestParam(defaultValue = "100") int millis) {
		Bounds.require("millis", millis, 1, 1_000);
		return this.store.client()
			.flatMap((database) -> outcome(database.sql(PRODUCTS).map((row) -> stock(millis)).all()));
	}

	private String stock(int millis) {
		return String.valueOf(this.blocking.get().uri(this.backend.stock(millis)).retrieve().body(String.class));
	}

	@GetMapping("/cures/r2dbc")
	Mono<Outcome> compose(@RequestParam(defaultValue = "100") int millis) {
		Bounds.require("millis", millis, 1, 1_000);
		return this.store.client()
			.flatMap((database) -> outcome(database.sql(PRODUCTS)
				.mapValue(Integer.class)
				.all()
				.flatMap((product) -> this.client.stock(millis))));
	}

	private static Mono<Outcome> outcome(Flux<String> stocks) {
		return Outcome.of(stocks.count().map((count) -> count + " products"));
	}

}
