package io.github.eventloop.benchmarks.soak;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
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

import io.github.eventloop.benchmarks.load.Load;
import io.github.eventloop.benchmarks.load.LoadResult;
import io.github.eventloop.benchmarks.load.LoadRun;
import io.github.eventloop.benchmarks.load.Plan;
import io.github.eventloop.benchmarks.process.Application;
import io.github.eventloop.benchmarks.process.Command;
import io.github.eventloop.benchmarks.process.Instance;
import io.github.eventloop.benchmarks.process.Pause;

/**
 * The sample under load, while a client visits one offender after another.
 *
 * @param findings visits and stalls
 * @param load the outcome of the other requests
 * @param stallsCounted the increase of the stall counter
 * @param stallsListed the number of listed stalls
 * @param requests the number of requests, including visits
 * @param events the number of events that the loops have handled
 * @param inFlight requests in flight after all were answered
 * @param liveBytesEarly live bytes in the heap after a quarter of the time, when the
 * history has begun to fill up
 * @param liveBytesAfter the same at the end
 * @param threadsBefore the number of threads at the start
 * @param threadsAfter the same at the end
 */
record Soak(Findings findings, LoadResult load, long stallsCounted, int stallsListed, long requests, long events,
		long inFlight, long liveBytesEarly, long liveBytesAfter, long threadsBefore, long threadsAfter) {

	private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

	/** Collectors may report a pause seconds after a stall. */
	private static final Duration SETTLING = Duration.ofSeconds(4);

	/**
	 * Run the soak test.
	 * @param duration the duration
	 * @param directory the directory for logs
	 * @return the results
	 */
	static Soak run(Duration duration, Path directory) {
		try (Instance instance = Application.sample()
			.loops(2)
			.jvm("-Xmx256m", "-XX:+UseSerialGC")
			.property("management.server.port", 0)
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
		long threadsBefore = instance.process().threads().count();
		long start = System.nanoTime();
		long liveBytesEarly = 0;
		List<Visit> visits = new ArrayList<>();
		Map<Long, ReportedStall> stalls = new TreeMap<>();
		Random random = new Random(1);
		Pause.of(SETTLING);
		JsonNode first = live(instance, "");
		long position = first.get("position").asLong();
		long stallsBefore = first.at("/eventLoops/stalls/total").asLong();
		long eventsBefore = sum(first, "events");
		LoadResult load;
		try (LoadRun others = Load.get(instance.url("/products/1"))
			.connections(100)
			.prefilled()
			.start(Plan.steady(100, duration).poisson(1))) {
			while (System.nanoTime() - start < duration.toNanos()) {
				if (liveBytesEarly == 0 && System.nanoTime() - start > duration.toNanos() / 4) {
					liveBytesEarly = liveBytes(instance, directory);
				}
				visits.add(visit(instance, Offender.ALL.get(random.nextInt(Offender.ALL.size()))));
				Pause.of(Duration.ofMillis(200 + random.nextInt(800)));
				position = collect(live(instance, "?after=" + System.currentTimeMillis() + "&position=" + position),
						stalls);
			}
			load = others.await();
		}
		Pause.of(SETTLING);
		JsonNode last = live(instance, "?after=" + System.currentTimeMillis() + "&position=" + position);
		collect(last, stalls);
		return new Soak(Findings.of(visits, List.copyOf(stalls.values())), load,
				last.at("/eventLoops/stalls/total").asLong() - stallsBefore, stalls.size(),
				load.total().sent() + visits.size(), sum(last, "events") - eventsBefore, sum(last, "inFlightRequests"),
				liveBytesEarly, liveBytes(instance, directory), threadsBefore, instance.process().threads().count());
	}

	/** Sum over the loops that serve the application. */
	private static long sum(JsonNode live, String field) {
		return live.at("/eventLoops/loops")
			.valueStream()
			.filter((loop) -> !loop.get("roles").toString().contains("MANAGEMENT"))
			.mapToLong((loop) -> loop.get(field).asLong())
			.sum();
	}

	private static long collect(JsonNode live, Map<Long, ReportedStall> stalls) {
		live.get("stalls")
			.valueStream()
			.filter((stall) -> !stall.get("inProgress").asBoolean())
			.map(ReportedStall::of)
			.forEach((stall) -> stalls.put(stall.id(), stall));
		return live.get("position").asLong();
	}

	private static JsonNode live(Instance instance, String query) {
		return instance.actuator("/actuator/eventloop/live" + query)
			.orElseThrow(() -> new IllegalStateException("No answer from the endpoint"));
	}

	private static Visit visit(Instance instance, Offender offender) {
		String url = instance.url("/offenders/" + offender.path());
		long start = System.currentTimeMillis();
		try {
			int status = CLIENT.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.discarding())
				.statusCode();
			if (status != 200) {
				throw new IllegalStateException(url + " answered with status " + status);
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException("No answer from " + url, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
		return new Visit(offender, start, System.currentTimeMillis());
	}

	/** Counted after a full collection. */
	private static long liveBytes(Instance instance, Path directory) {
		String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
		Matcher total = TOTAL.matcher(
				Command
					.run(directory, "",
							List.of(jcmd, String.valueOf(instance.process().pid()), "GC.class_histogram",
									"-parallel=1"))
					.output());
		if (!total.find()) {
			throw new IllegalStateException("No total in the output of jcmd GC.class_histogram");
		}
		return Long.parseLong(total.group(1));
	}

}
