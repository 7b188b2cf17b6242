package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;

import io.github.eventloop.benchmarks.Run.Targets;
import io.github.eventloop.benchmarks.SoakFindings.Offender;
import io.github.eventloop.benchmarks.SoakFindings.Stall;
import io.github.eventloop.benchmarks.SoakFindings.Visit;

/**
 * A long test with mixed load, while a client visits one offender after another.
 */
public final class SoakRun {

	private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

	/** Collectors may report a pause seconds after a stall. */
	private static final Duration SETTLING = Duration.ofSeconds(4);

	private SoakRun() {
	}

	/** The duration is in seconds. Exits with status 1 if a target is missed. */
	public static void main(String[] arguments) throws IOException {
		Run run = new Run("soak", arguments, "seconds");
		Duration duration = Duration.ofSeconds(run.get("seconds", 3600));
		run.progress("%d s", duration.toSeconds());
		Soak soak = run(duration, run.directory());
		SoakFindings findings = soak.findings();
		run.say("""
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
				duration.toSeconds(), soak.answered(), soak.sent(), findings.found().size(),
				findings.misattributed().size(), findings.missed().size(), findings.tooShort(),
				findings.unmatched().size(), soak.stallsCounted(), soak.stallsListed(), soak.requests(), soak.events(),
				soak.inFlight(), soak.liveBytesEarly(), soak.liveBytesAfter(), soak.threadsBefore(),
				soak.threadsAfter());
		findings.misattributed().forEach((visit) -> run.say("- another culprit: " + visit));
		findings.missed().forEach((visit) -> run.say("- missed: " + visit));
		findings.unmatched().forEach((stall) -> run.say("- without a visit: " + stall));
		run.missed(soak.missed());
		run.end();
	}

	static Soak run(Duration duration, Path directory) {
		try (Instance instance = Application.sample()
			.loops(2)
			.jvm("-Xmx256m", "-XX:+UseSerialGC")
			.managementPort()
			.property("management.endpoint.eventloop.show-details", "always")
			.start("soaked", directory)) {
			// Effects of the first execution are not measured.
			Offender.ALL.forEach((offender) -> visit(instance, offender));
			Offender.ALL.forEach((offender) -> visit(instance, offender));
			return run(instance, duration, directory);
		}
	}

	private static Soak run(Instance instance, Duration duration, Path directory) {
		Pause.of(SETTLING);
		int threadsBefore = instance.process().threads().ids((name) -> true).size();
		long liveBytesEarly = 0;
		List<Visit> visits = new ArrayList<>();
		Map<Long, Stall> stalls = new TreeMap<>();
		Random random = new Random(1);
		Pause.of(SETTLING);
		JsonNode first = instance.eventLoops("/live");
		JsonNode last = first;
		LoadResult load;
		try (RunningLoad others = Load.get(instance.url("/products/1"))
			.connections(100)
			.prefilled()
			.start(Plan.steady(100, duration).poisson(1))) {
			while (others.elapsed().compareTo(duration) < 0) {
				if (liveBytesEarly == 0 && others.elapsed().compareTo(duration.dividedBy(4)) > 0) {
					liveBytesEarly = liveBytes(instance, directory);
				}
				visits.add(visit(instance, Offender.ALL.get(random.nextInt(Offender.ALL.size()))));
				Pause.of(Duration.ofMillis(200 + random.nextInt(800)));
				last = collect(instance, last, stalls);
			}
			load = others.await();
		}
		Pause.of(SETTLING);
		last = collect(instance, last, stalls);
		return new Soak(SoakFindings.of(visits, List.copyOf(stalls.values())), load.count(LoadResult.Outcome.OK),
				load.sent(),
				last.at("/eventLoops/stalls/total").asLong() - first.at("/eventLoops/stalls/total").asLong(),
				stalls.size(), load.sent() + visits.size(), sum(last, "events") - sum(first, "events"),
				sum(last, "inFlightRequests"), liveBytesEarly, liveBytes(instance, directory), threadsBefore,
				instance.process().threads().ids((name) -> true).size());
	}

	/** Sum over the loops that serve the application. */
	private static long sum(JsonNode live, String field) {
		return live.at("/eventLoops/loops")
			.valueStream()
			.filter((loop) -> !loop.get("roles").toString().contains("MANAGEMENT"))
			.mapToLong((loop) -> loop.get(field).asLong())
			.sum();
	}

	private static JsonNode collect(Instance instance, JsonNode before, Map<Long, Stall> stalls) {
		JsonNode live = instance
			.eventLoops("/live?after=" + System.currentTimeMillis() + "&position=" + before.get("position").asLong());
		live.get("stalls")
			.valueStream()
			.filter((stall) -> !stall.get("inProgress").asBoolean())
			.map(Stall::of)
			.forEach((stall) -> stalls.put(stall.id(), stall));
		return live;
	}

	private static Visit visit(Instance instance, Offender offender) {
		long start = System.currentTimeMillis();
		Http.get(instance.url("/offenders/" + offender.path()));
		return new Visit(offender, start, System.currentTimeMillis());
	}

	/** Counted after a full collection. */
	private static long liveBytes(Instance instance, Path directory) {
		String histogram = Command
			.run(directory, "", List.of(Program.jdk("jcmd"), String.valueOf(instance.process().pid()),
					"GC.class_histogram", "-parallel=1"))
			.output();
		Matcher total = TOTAL.matcher(histogram);
		if (!total.find()) {
			throw new IllegalStateException("No total in " + histogram);
		}
		return Long.parseLong(total.group(1));
	}

	/**
	 * The results.
	 *
	 * @param liveBytesEarly live bytes in the heap after a quarter of the time, when the
	 * history has begun to fill up
	 */
	record Soak(SoakFindings findings, int answered, int sent, long stallsCounted, int stallsListed, long requests,
			long events, long inFlight, long liveBytesEarly, long liveBytesAfter, int threadsBefore, int threadsAfter) {

		List<String> missed() {
			return new Targets("soak").check(this.answered == this.sent, "a request was lost")
				.check(this.findings.missed().isEmpty(), "a stall was missed")
				.check(this.findings.spurious().isEmpty(), "a stall was spurious")
				.check(this.findings.found().size() > 50 * this.findings.misattributed().size(),
						"more than one of fifty culprits is wrong")
				.check(this.stallsCounted == this.stallsListed, "the stall counter differs from the listed stalls")
				.check(this.inFlight == 0, "requests are counted as in flight after all were answered")
				// A request arrives, and its connection may be accepted, or be closed.
				.check(this.events >= this.requests && this.events < 3 * this.requests,
						"the number of events does not match the number of requests")
				.check(this.liveBytesAfter < 1.1 * this.liveBytesEarly, "the live heap has grown")
				.check(this.threadsAfter <= this.threadsBefore + 5, "threads have leaked")
				.missed();
		}

	}

}
