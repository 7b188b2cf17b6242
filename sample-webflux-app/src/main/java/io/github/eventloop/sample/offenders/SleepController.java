package io.github.eventloop.sample.offenders;

import java.time.Duration;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

import io.github.eventloop.sample.exhibit.Bounds;
import io.github.eventloop.sample.exhibit.Offender;
import io.github.eventloop.sample.exhibit.Outcome;

@RestController
@Offender(name = "sleep", wrong = "Thread.sleep in a handler blocks every other connection of the loop, too.",
		expect = """
				Lag rises up to the length of the sleep and utilization rises, with little CPU:
				the loop is blocked, not computing.""",
		cure = "A timer resumes the request; until then, the loop serves others.")
class SleepController {

	@GetMapping("/offenders/sleep")
	Mono<Outcome> sleep(@RequestParam(defaultValue = "500") int millis) {
		Bounds.require("millis", millis, 1, 5_000);
		return Outcome.of(() -> {
			Thread.sleep(millis);
			return "slept";
		});
	}

	@GetMapping("/cures/sleep")
	Mono<Outcome> delay(@RequestParam(defaultValue = "500") int millis) {
		Bounds.require("millis", millis, 1, 5_000);
		return Outcome.of(Mono.delay(Duration.ofMillis(millis)).thenReturn("waited"));
	}

}
