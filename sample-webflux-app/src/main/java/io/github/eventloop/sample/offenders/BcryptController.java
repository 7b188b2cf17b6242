package io.github.eventloop.sample.offenders;

import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import io.github.eventloop.sample.exhibit.Bounds;
import io.github.eventloop.sample.exhibit.Offender;
import io.github.eventloop.sample.exhibit.Outcome;

@RestController
@Offender(name = "bcrypt", wrong = "A customer's password is hashed on the loop, and bcrypt is slow by design.",
		expect = "Lag and utilization rise, with as much CPU as utilization.",
		cure = "The same hash on a worker thread: not cheaper, but no other request waits for it.")
class BcryptController {

	@GetMapping("/offenders/bcrypt")
	Mono<Outcome> hash(@RequestParam(defaultValue = "12") int strength) {
		Bounds.require("strength", strength, 4, 14);
		return Outcome.of(() -> new BCryptPasswordEncoder(strength).encode("correct horse battery staple"));
	}

	@GetMapping("/cures/bcrypt")
	Mono<Outcome> hashOnWorker(@RequestParam(defaultValue = "12") int strength) {
		return hash(strength).subscribeOn(Schedulers.boundedElastic());
	}

}
