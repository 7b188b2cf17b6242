package io.github.eventloop.benchmarks.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;

/**
 * A long test with mixed load and offenders.
 */
public final class SoakRun {

	private static final double MAX_GROWTH = 0.1;

	/**
	 * The request arrives, and its connection may be accepted, or be closed.
	 */
	private static final int MAX_EVENTS_PER_REQUEST = 3;

	private SoakRun() {
	}

	/**
	 * Run the test. Exits with status 1 if a target is missed.
	 * @param arguments {@code --seconds=} the duration
	 */
	public static void main(String[] arguments) {
		Options options = Options.of(arguments, "seconds");
		Output output = Output.of("soak", options);
		Duration duration = options.seconds("seconds", Duration.ofHours(1));
		output.progress("%d s".formatted(duration.toSeconds()));
		Soak soak = Soak.run(duration, output.directory());
		Findings findings = soak.findings();
		output.say(String.format(Locale.ROOT,
				"""
						# Soak

						The sample with two loops for %d s: 100 requests for a product per second, and a client that visits one
						offender after another, each of which stalls a loop for 0.1 s to a few seconds. A stall belongs to a visit if
						it began during the visit, and is right if its culprit is the offender's class. A visit that was answered
						within 0.15 s may have been too short for a stall.

						| | |
						| --- | --- |
						| other requests answered | %d of %d |
						| visits with the right stall | %d |
						| visits with a stall that has another culprit | %d |
						| visits without a stall | %d |
						| visits that may have been too short for a stall | %d |
						| other stalls, such as those caused by garbage collection | %d |
						| stalls counted, listed | %d, %d |
						| requests sent, visits included; events that loops handled | %d, %d |
						| requests in flight at the end | %d |
						| live bytes in the heap, after a quarter of the time and at the end | %d, %d |
						| threads, at the start and at the end | %d, %d |
						""",
				duration.toSeconds(), soak.load().total().ok(), soak.load().total().sent(), findings.found().size(),
				findings.misattributed().size(), findings.missed().size(), findings.tooShort(),
				findings.unmatched().size(), soak.stallsCounted(), soak.stallsListed(), soak.requests(), soak.events(),
				soak.inFlight(), soak.liveBytesEarly(), soak.liveBytesAfter(), soak.threadsBefore(),
				soak.threadsAfter()));
		findings.misattributed().forEach((visit) -> output.say("- another culprit: " + visit));
		findings.missed().forEach((visit) -> output.say("- missed: " + visit));
		findings.unmatched().forEach((stall) -> output.say("- without a visit: " + stall));
		List<String> unmet = unmet(soak);
		output.say(unmet.isEmpty() ? "\nAll targets met." : "\nTargets missed: " + String.join("; ", unmet) + ".");
		System.exit(unmet.isEmpty() ? 0 : 1);
	}

	/**
	 * Compare the results with the targets.
	 * @param soak the results
	 * @return the targets that were missed
	 */
	static List<String> unmet(Soak soak) {
		List<String> unmet = new ArrayList<>();
		check(unmet, soak.load().total().ok() == soak.load().total().sent(), "a request was lost");
		check(unmet, soak.findings().missed().isEmpty(), "a stall was missed");
		check(unmet, soak.findings().spurious().isEmpty(), "a stall was spurious");
		check(unmet, soak.findings().found().size() > 50 * soak.findings().misattributed().size(),
				"more than one of fifty culprits is wrong");
		check(unmet, soak.stallsCounted() == soak.stallsListed(), "the stall counter differs from the listed stalls");
		check(unmet, soak.inFlight() == 0, "requests are counted as in flight after all were answered");
		check(unmet, soak.events() >= soak.requests() && soak.events() < MAX_EVENTS_PER_REQUEST * soak.requests(),
				"the number of events does not match the number of requests");
		check(unmet, soak.liveBytesAfter() < soak.liveBytesEarly() * (1 + MAX_GROWTH), "the live heap has grown");
		check(unmet, soak.threadsAfter() <= soak.threadsBefore() + 5, "threads have leaked");
		return unmet;
	}

	private static void check(List<String> unmet, boolean met, String otherwise) {
		if (!met) {
			unmet.add(otherwise);
		}
	}

}
