package io.github.eventloop.sample.offenders;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import io.github.eventloop.sample.exhibit.Bounds;
import io.github.eventloop.sample.exhibit.Offender;
import io.github.eventloop.sample.exhibit.Outcome;

@RestController
@Offender(name = "jdbc", wrong = "JDBC waits for the database on the loop, here for a join that lacks an index.",
		expect = """
				Lag and utilization rise. So does CPU, because H2 runs on the calling thread; with
				a remote database, CPU would stay low, as with sleep.""",
		cure = "The same query on a worker thread; a reactive driver and an index would do more.")
class JdbcController {

	private static final String OFTEN_BOUGHT_TOGETHER = """
			SELECT one.product || ' with ' || other.product
			FROM order_line one JOIN order_line other
				ON one.purchase = other.purchase AND one.product < other.product
			WHERE one.purchase <= :orders
			GROUP BY one.product, other.product
			ORDER BY COUNT(*) DESC, one.product, other.product
			LIMIT 1
			""";

	// The number of orders that schema.sql creates.
	private static final int ORDERS = 500;

	private final JdbcClient jdbc;

	JdbcController(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@GetMapping("/offenders/jdbc")
	Mono<Outcome> query(@RequestParam(defaultValue = "" + ORDERS) int orders) {
		Bounds.require("orders", orders, 2, ORDERS);
		return Outcome
			.of(() -> this.jdbc.sql(OFTEN_BOUGHT_TOGETHER).param("orders", orders).query(String.class).single());
	}

	@GetMapping("/cures/jdbc")
	Mono<Outcome> queryOnWorker(@RequestParam(defaultValue = "" + ORDERS) int orders) {
		return query(orders).subscribeOn(Schedulers.boundedElastic());
	}

}
