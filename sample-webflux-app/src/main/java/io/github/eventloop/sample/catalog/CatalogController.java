package io.github.eventloop.sample.catalog;

import java.util.List;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.sample.exhibit.Bounds;

/**
 * Endpoints of the catalog, none of which blocks an event loop.
 */
@RestController
class CatalogController {

	private final Catalog catalog;

	private final JsonMapper json;

	CatalogController(Catalog catalog, JsonMapper json) {
		this.catalog = catalog;
		this.json = json;
	}

	@GetMapping("/products")
	List<Product> products(@RequestParam(defaultValue = "20") int size) {
		Bounds.require("size", size, 1, 100);
		return this.catalog.first(size);
	}

	@GetMapping("/products/{id}")
	Product product(@PathVariable long id) {
		return this.catalog.find(id)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND,
					"There is no product %d; products are numbered 1 to %d".formatted(id, Catalog.SIZE)));
	}

	// A large document is written on a worker thread, so that the loop only sends it.
	@GetMapping(path = "/catalog/export", produces = MediaType.APPLICATION_JSON_VALUE)
	Mono<byte[]> export(@RequestParam(defaultValue = "50000") int products) {
		Bounds.require("products", products, 1, Catalog.SIZE);
		return Mono.fromCallable(() -> this.json.writeValueAsBytes(this.catalog.first(products)))
			.subscribeOn(Schedulers.boundedElastic());
	}

}
