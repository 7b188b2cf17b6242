package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.github.eventloop.benchmarks.LoadResult.Outcome;
import io.github.eventloop.benchmarks.LoadResult.Sample;
import io.github.eventloop.benchmarks.Picture.Panel;
import io.github.eventloop.benchmarks.SheddingRow.Requests;

/**
 * Benchmark of a server with one loop under several loads, without shedding, with the
 * policies of the library and with the policies of other tools. Servers whose requests
 * compute run one after the other, the others side by side.
 */
public final class SheddingRun {

	static final String OPENING = "/nothing";

	private SheddingRun() {
	}

	/** Durations are in seconds. */
	public static void main(String[] arguments) throws Exception {
		Run run = new Run("shedding", arguments, "row", "light", "heavy", "after");
		Times times = new Times(run.get("light", 3), run.get("heavy", 10), run.get("after", 0));
		run.say("""
				Goodput: requests answered within 1 s / within 10 s, in percent of those that could be answered; then shed \
				requests, in percent of all, and the p99 of the others. The load lasts %d s, after %d s of at most 0.3 \
				times the capacity.

				| row | none | fixed bounds | on/off | smoothed | adaptive |
				| --- | --- | --- | --- | --- | --- |""",
				times.heavy, times.light);
		for (SheddingRow row : run.choose("row", SheddingRow.all(), SheddingRow::name)) {
			run.progress("%s", row.name());
			Map<Policy, Overload> overloads = overloads(row, times, run.directory());
			List<String> cells = new ArrayList<>(List.of(row.name()));
			overloads.values().forEach((overload) -> cells.add(overload.cell()));
			run.row(cells);
			if (row.equals(SheddingRow.cpu(2))) {
				keepPicture(run, overloads, times);
			}
		}
	}

	private static void keepPicture(Run run, Map<Policy, Overload> overloads, Times times) throws IOException {
		Panel p99 = Panel.logarithmic("p99 of accepted requests, ms");
		Panel useful = Panel.of("answered within a second, requests per second");
		Panel shed = Panel.of("shed, %");
		overloads.forEach((policy, overload) -> {
			p99.line(policy.title, overload.all().perSecond(LoadResult::p99Millis));
			useful.line(policy.title, overload.all().perSecond((second) -> second.only(Overload::isUseful).sent()));
			shed.line(policy.title, overload.all().perSecond((second) -> 100 * second.share(Overload::isShed)));
		});
		run.keep("policies", new Picture("Twice the capacity of one loop", p99, useful, shed).band(times.light,
				times.light + times.heavy, "overload"));
	}

	private static Map<Policy, Overload> overloads(SheddingRow row, Times times, Path directory) throws Exception {
		Policy[] policies = Policy.values();
		ExecutorService executor = Executors.newFixedThreadPool((row.requests() == Requests.CPU) ? 1 : policies.length);
		try {
			List<Future<Overload>> runs = new ArrayList<>();
			for (Policy policy : policies) {
				runs.add(executor.submit(() -> Overload.of(policy, row, times, directory)));
			}
			Map<Policy, Overload> overloads = new EnumMap<>(Policy.class);
			for (int i = 0; i < policies.length; i++) {
				overloads.put(policies[i], runs.get(i).get());
			}
			return overloads;
		}
		finally {
			executor.shutdownNow();
		}
	}

	/** The policies that decide which requests are shed. */
	enum Policy {

		NONE("none"),

		LAG("fixed bounds"),

		ON_OFF("on/off"),

		SMOOTHED("smoothed"),

		ADAPTIVE("adaptive");

		private final String title;

		Policy(String title) {
			this.title = title;
		}

	}

	/**
	 * Durations in seconds.
	 *
	 * @param light of the light load before
	 * @param heavy of the load
	 * @param after of the light load after it
	 */
	record Times(int light, int heavy, int after) {
	}

	/**
	 * The requests of a server that receives a light load, then another, then a light
	 * load again.
	 *
	 * @param light the duration of the light load before
	 * @param heavy the duration of the load
	 * @param capacity of the server, in requests per second
	 */
	record Overload(LoadResult all, Duration light, Duration heavy, double capacity) {

		/** Answers that take longer are useless for callers that are not patient. */
		private static final long USEFUL_NANOS = Duration.ofSeconds(1).toNanos();

		static Overload of(Policy policy, SheddingRow row, Times times, Path directory) {
			Duration light = Duration.ofSeconds(times.light);
			Duration heavy = Duration.ofSeconds(times.heavy);
			Application application = Application.of(OverloadedApplication.class)
				.loops(1)
				.property("eventloop.shedding.enabled", policy != Policy.NONE)
				.property("eventloop.shedding.policy", (policy == Policy.LAG) ? "lag" : "adaptive")
				.property("eventloop.shedding.exclude", OPENING)
				.property("policy", policy.name().toLowerCase(Locale.ROOT).replace('_', '-'));
			if (row.requests() == Requests.GARBAGE) {
				application.jvm("-Xmx256m", "-XX:+UseSerialGC").property("garbage", true);
			}
			try (Instance server = application.start(row.name() + "-" + policy.name(), directory)) {
				LoadResult result = row.run(server, light, heavy, Duration.ofSeconds(times.after));
				return new Overload(result, (row.callers() > 0) ? Duration.ZERO : light, heavy, row.capacity());
			}
		}

		private static boolean isUseful(Sample sample) {
			return sample.isOk() && sample.latencyNanos() <= USEFUL_NANOS;
		}

		private static boolean isShed(Sample sample) {
			return sample.outcome() == Outcome.UNAVAILABLE;
		}

		private LoadResult heavily() {
			return this.all.between(this.light, this.light.plus(this.heavy));
		}

		/** Timely answers, as a share of those that could be given. */
		double goodput() {
			return heavily().only(Overload::isUseful).sent() / answerable();
		}

		private double patientGoodput() {
			return heavily().count(Outcome.OK) / answerable();
		}

		private double answerable() {
			return Math.min(heavily().sent(), this.heavy.toSeconds() * this.capacity);
		}

		double heavyP99Millis() {
			return heavily().p99Millis();
		}

		private String cell() {
			return Run.format("%.0f / %.0f, %.0f, %.0f ms", 100 * goodput(), 100 * patientGoodput(),
					100 * heavily().share(Overload::isShed), heavyP99Millis());
		}

	}

}
