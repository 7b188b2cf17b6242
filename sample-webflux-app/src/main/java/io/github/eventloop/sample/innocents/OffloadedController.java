package io.github.eventloop.sample.innocents;

import java.util.stream.IntStream;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import io.github.eventloop.sample.exhibit.Bounds;
import io.github.eventloop.sample.exhibit.Innocent;
import io.github.eventloop.sample.exhibit.Outcome;

@RestController
@Innocent(name = "offloaded",
		looks = "The processor is busy: customers are scored on worker threads of boundedElastic.", expect = """
				CPU is high (process.cpu.usage in /actuator/metrics), utilization of the loops is
				low. Lag stays low as long as a core is free for the loops, and rises with as many
				concurrent requests as there are cores.""")
class OffloadedController {

	@GetMapping("/innocents/offloaded")
	Mono<Outcome> score(@RequestParam(defaultValue = "5000000") int customers) {
		Bounds.require("customers", customers, 1, 50_000_000);
		return Outcome.of(() -> bestScore(customers)).subscribeOn(Schedulers.boundedElastic());
	}

	private static String bestScore(int customers) {
		double best = IntStream.range(0, customers)
			.mapToDouble((customer) -> Math.sin(customer) * Math.exp(Math.cos(customer)))
			.max()
			.orElseThrow();
		return "best score %.3f".formatted(best);
	}

}
