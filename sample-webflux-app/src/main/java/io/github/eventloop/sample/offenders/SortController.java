package io.github.eventloop.sample.offenders;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import io.github.eventloop.sample.catalog.Catalog;
import io.github.eventloop.sample.catalog.Product;
import io.github.eventloop.sample.exhibit.Bounds;
import io.github.eventloop.sample.exhibit.Offender;
import io.github.eventloop.sample.exhibit.Outcome;

@RestController
@Offender(name = "sort", wrong = "A hundred thousand products are sorted by name for every request, on the loop.",
		expect = "Lag and utilization rise, with as much CPU as utilization.",
		cure = "Sorted once, on a worker thread, for the first request; the others get the same list.")
class SortController {

	private final Catalog catalog;

	private final Mono<List<Product>> sorted;

	SortController(Catalog catalog) {
		this.catalog = catalog;
		this.sorted = Mono.fromCallable(() -> byName(catalog.products()))
			.subscribeOn(Schedulers.boundedElastic())
			.cache();
	}

	@GetMapping("/offenders/sort")
	Mono<Outcome> sort(@RequestParam(defaultValue = "" + Catalog.SIZE) int products) {
		Bounds.require("products", products, 1, Catalog.SIZE);
		return Outcome.of(() -> first(byName(this.catalog.first(products))));
	}

	@GetMapping("/cures/sort")
	Mono<Outcome> sorted() {
		return Outcome.of(this.sorted.map(SortController::first));
	}

	private static List<Product> byName(List<Product> products) {
		return products.stream()
			.sorted(Comparator.comparing((Product product) -> product.name().toLowerCase(Locale.ROOT)))
			.toList();
	}

	private static String first(List<Product> sorted) {
		return "first comes " + sorted.get(0).name();
	}

}
