package io.github.eventloop.benchmarks.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;

/**
 * A long time of mixed load and offenders.
 */
public final class SoakRun {

	private static final double MOST_GROWTH = 0.1;

	/**
	 * Of a request: what it asks for arrives, and so may its connection, or an end of it.
	 */
	private static final int MOST_EVENTS = 3;

	private SoakRun() {
	}

	/**
	 * Run it. Ends with 1 if the outcome is not as promised.
	 * @param arguments {@code --seconds=} for how long
	 */
	public static void main(String[] arguments) {
		Options options = Options.of(arguments, "seconds");
		Output output = Output.of("soak", options);
		Duration duration = options.seconds("seconds", Duration.ofHours(1));
		output.progress("%d s".formatted(duration.toSeconds()));
		Soak soak = Soak.play(duration, output.directory());
		Findings findings = soak.findings();
		output.say(String.format(Locale.ROOT,
				"""
						# Soak

						The sample with two loops for %d s: 100 requests a second for a product, and a visitor who goes from one
						offender to another, one at a time, each of which stalls a loop for 0.1 to some seconds. A stall is of a visit
						if it began during it, and right if it blames the offender's class. A visit that was answered within
						0.15 s may not have stalled it for long enough.

						| | |
						| --- | --- |
						| other requests answered | %d of %d |
						| visits with the right stall | %d |
						| visits with a stall that blames another line | %d |
						| visits without a stall | %d |
						| visits that may have been too short for one | %d |
						| other stalls, such as by collections | %d |
						| stalls counted, listed | %d, %d |
						| requests sent, visits included; events that loops handled | %d, %d |
						| requests in flight at the end | %d |
						| live bytes in the heap, a quarter into it and after | %d, %d |
						| threads, before and after | %d, %d |
						""",
				duration.toSeconds(), soak.load().total().ok(), soak.load().total().sent(), findings.found().size(),
				findings.blamedElsewhere().size(), findings.missed().size(), findings.tooShort(),
				findings.without().size(), soak.stallsCounted(), soak.stallsListed(), soak.requests(), soak.events(),
				soak.inFlight(), soak.liveBytesEarly(), soak.liveBytesAfter(), soak.threadsBefore(),
				soak.threadsAfter()));
		findings.blamedElsewhere().forEach((visit) -> output.say("- blamed elsewhere: " + visit));
		findings.missed().forEach((visit) -> output.say("- missed: " + visit));
		findings.without().forEach((stall) -> output.say("- of no visit: " + stall));
		List<String> unmet = unmet(soak);
		output.say(unmet.isEmpty() ? "\nAs promised." : "\nNot as promised: " + String.join("; ", unmet) + ".");
		System.exit(unmet.isEmpty() ? 0 : 1);
	}

	/**
	 * Compare with what is promised.
	 * @param soak what came of it
	 * @return what is not as promised
	 */
	static List<String> unmet(Soak soak) {
		List<String> unmet = new ArrayList<>();
		promise(unmet, soak.load().total().ok() == soak.load().total().sent(), "a request was lost");
		promise(unmet, soak.findings().missed().isEmpty(), "a stall was missed");
		promise(unmet, soak.findings().invented().isEmpty(), "a stall was made up");
		promise(unmet, soak.findings().found().size() > 50 * soak.findings().blamedElsewhere().size(),
				"more than one of fifty lines is wrong");
		promise(unmet, soak.stallsCounted() == soak.stallsListed(), "the counter disagrees with the list");
		promise(unmet, soak.inFlight() == 0, "requests seem to be in flight");
		promise(unmet, soak.events() >= soak.requests() && soak.events() < MOST_EVENTS * soak.requests(),
				"events do not go with requests");
		promise(unmet, soak.liveBytesAfter() < soak.liveBytesEarly() * (1 + MOST_GROWTH), "the heap grows");
		promise(unmet, soak.threadsAfter() <= soak.threadsBefore() + 5, "threads are left behind");
		return unmet;
	}

	private static void promise(List<String> unmet, boolean kept, String otherwise) {
		if (!kept) {
			unmet.add(otherwise);
		}
	}

}
