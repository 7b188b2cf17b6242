package io.github.eventloop.sample.offenders;

import java.util.regex.Pattern;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

import io.github.eventloop.sample.exhibit.Bounds;
import io.github.eventloop.sample.exhibit.Offender;
import io.github.eventloop.sample.exhibit.Outcome;

@RestController
@Offender(name = "regex", wrong = """
		A coupon is checked with nested quantifiers, which try every way to split the letters
		into groups before the match fails: each additional letter doubles the time.""",
		expect = "Lag and utilization rise, with as much CPU as utilization, for a request of a few bytes.",
		cure = "A pattern for the same coupons that can match in one way only, and therefore needs one pass.")
class RegexController {

	// Two nested quantifiers would not suffice: since Java 9, the matcher remembers where
	// the outer one has failed before.
	private static final Pattern CATASTROPHIC = Pattern.compile("(([A-Z]+)*-?)*[0-9]");

	private static final Pattern LINEAR = Pattern.compile("[A-Z-]*[0-9]");

	// Matches up to its end, where a digit is missing.
	private static final String COUPON = "AUTUMNSALEFREEDELIVERY";

	private static final int MAX_LENGTH = 24;

	@GetMapping("/offenders/regex")
	Mono<Outcome> backtrack(@RequestParam(defaultValue = COUPON) String coupon) {
		return check(CATASTROPHIC, coupon);
	}

	@GetMapping("/cures/regex")
	Mono<Outcome> match(@RequestParam(defaultValue = COUPON) String coupon) {
		return check(LINEAR, coupon);
	}

	private Mono<Outcome> check(Pattern pattern, String coupon) {
		Bounds.require("length of coupon", coupon.length(), 1, MAX_LENGTH);
		return Outcome.of(() -> pattern.matcher(coupon).matches() ? "valid" : "not valid");
	}

}
