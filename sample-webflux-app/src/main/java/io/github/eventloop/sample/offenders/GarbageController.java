package io.github.eventloop.sample.offenders;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

import io.github.eventloop.sample.catalog.Catalog;
import io.github.eventloop.sample.catalog.Product;
import io.github.eventloop.sample.exhibit.Bounds;
import io.github.eventloop.sample.exhibit.Offender;
import io.github.eventloop.sample.exhibit.Outcome;

@RestController
@Offender(name = "garbage", wrong = """
		A report is built by String += String, which copies all of it for every row: more
		than a gigabyte of garbage per request, plus rows that are kept longer than needed.""", expect = """
		Lag and utilization rise, and so does pause: the collector stops the process, so
		that idle loops lag, too.""",
		cure = "A StringBuilder grows in place and nothing is kept: the same report with hardly any garbage.")
class GarbageController {

	private static final int MAX_ROWS = 20_000;

	// More than the rows of any report occupy.
	private static final long MAX_REPORT_BYTES = 2_500_000;

	// Gives the collector something to copy: at most a sixteenth of the heap. Safe to use
	// from several loops.
	private final BlockingQueue<List<String>> kept = new ArrayBlockingQueue<>(
			(int) Math.min(64, Math.max(1, Runtime.getRuntime().maxMemory() / 16 / MAX_REPORT_BYTES)));

	private final Catalog catalog;

	GarbageController(Catalog catalog) {
		this.catalog = catalog;
	}

	@GetMapping("/offenders/garbage")
	Mono<Outcome> concatenate(@RequestParam(defaultValue = "8000") int rows) {
		Bounds.require("rows", rows, 1, MAX_ROWS);
		return Outcome.of(() -> {
			List<String> lines = new ArrayList<>();
			String report = "";
			for (Product product : this.catalog.first(rows)) {
				String line = line(product);
				lines.add(line);
				report += line;
			}
			keep(lines);
			return "a report of " + report.length() + " characters";
		});
	}

	@GetMapping("/cures/garbage")
	Mono<Outcome> append(@RequestParam(defaultValue = "8000") int rows) {
		Bounds.require("rows", rows, 1, MAX_ROWS);
		return Outcome.of(() -> {
			StringBuilder report = new StringBuilder();
			this.catalog.first(rows).forEach((product) -> report.append(line(product)));
			return "a report of " + report.length() + " characters";
		});
	}

	private static String line(Product product) {
		return product.id() + ";" + product.name() + ";" + product.description() + ";" + product.price() + "\n";
	}

	private void keep(List<String> lines) {
		while (!this.kept.offer(lines)) {
			this.kept.poll();
		}
	}

}
