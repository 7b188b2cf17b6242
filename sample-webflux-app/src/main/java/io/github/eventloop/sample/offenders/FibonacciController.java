package io.github.eventloop.sample.offenders;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

import io.github.eventloop.sample.exhibit.Bounds;
import io.github.eventloop.sample.exhibit.Offender;
import io.github.eventloop.sample.exhibit.Outcome;

@RestController
@Offender(name = "fibonacci", wrong = "Loyalty points are computed by a recursion with 300 million calls.",
		expect = "Lag and utilization rise, with as much CPU as utilization.",
		cure = "The same number in one short pass: cheap enough to stay on the loop.")
class FibonacciController {

	@GetMapping("/offenders/fibonacci")
	Mono<Outcome> repeat(@RequestParam(defaultValue = "40") int n) {
		Bounds.require("n", n, 1, 45);
		return Outcome.of(() -> fibonacci(n) + " points");
	}

	@GetMapping("/cures/fibonacci")
	Mono<Outcome> pass(@RequestParam(defaultValue = "40") int n) {
		Bounds.require("n", n, 1, 45);
		return Outcome.of(() -> fibonacciInOnePass(n) + " points");
	}

	private static long fibonacci(int n) {
		return (n < 2) ? n : fibonacci(n - 1) + fibonacci(n - 2);
	}

	private static long fibonacciInOnePass(int n) {
		long current = 0;
		long next = 1;
		for (int i = 0; i < n; i++) {
			long sum = current + next;
			current = next;
			next = sum;
		}
		return current;
	}

}
