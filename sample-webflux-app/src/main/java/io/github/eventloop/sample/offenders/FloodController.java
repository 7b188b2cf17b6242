package io.github.eventloop.sample.offenders;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.concurrent.Executor;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;

import io.github.eventloop.sample.catalog.Catalog;
import io.github.eventloop.sample.catalog.Product;
import io.github.eventloop.sample.exhibit.Bounds;
import io.github.eventloop.sample.exhibit.Offender;
import io.github.eventloop.sample.exhibit.Outcome;

@RestController
@Offender(name = "flood", wrong = "Each of fifty thousand price changes becomes a task of its own on the loop.",
		expect = """
				Lag and utilization rise, with as much CPU as utilization, although no single task
				is slow: pendingTasks shows the queue and taskSeconds the time it took.""",
		cure = "All changes in one task on a worker thread, and a single response.")
class FloodController {

	private final Catalog catalog;

	FloodController(Catalog catalog) {
		this.catalog = catalog;
	}

	@GetMapping("/offenders/flood")
	Mono<Outcome> flood(@RequestParam(defaultValue = "50000") int tasks, ServerHttpRequest request) {
		Bounds.require("tasks", tasks, 1, Catalog.SIZE);
		Executor loop = loop(request);
		return Outcome.of(Mono.create((sink) -> {
			for (Product product : this.catalog.first(tasks)) {
				loop.execute(() -> discount(product));
			}
			// A loop runs its tasks in order, so this one is the last.
			loop.execute(() -> sink.success(tasks + " prices changed"));
		}));
	}

	@GetMapping("/cures/flood")
	Mono<Outcome> batch(@RequestParam(defaultValue = "50000") int tasks) {
		Bounds.require("tasks", tasks, 1, Catalog.SIZE);
		return Outcome.of(() -> {
			this.catalog.first(tasks).forEach(FloodController::discount);
			return tasks + " prices changed";
		}).subscribeOn(Schedulers.boundedElastic());
	}

	// Half a percent off for each of many days: about ten microseconds of work.
	private static BigDecimal discount(Product product) {
		BigDecimal price = product.price();
		for (int day = 0; day < 250; day++) {
			price = price.multiply(new BigDecimal("0.995"), MathContext.DECIMAL64);
		}
		return price;
	}

	// The request of Reactor Netty is also its connection.
	private static Executor loop(ServerHttpRequest request) {
		Connection connection = ServerHttpRequestDecorator.getNativeRequest(request);
		return connection.channel().eventLoop();
	}

}
