package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

import io.github.eventloop.benchmarks.LoadResult.Outcome;
import io.github.eventloop.benchmarks.LoadResult.Sample;
import io.github.eventloop.benchmarks.Picture.Panel;

/**
 * Benchmark of a server with one loop at twice its capacity, without shedding, with the
 * policy of the library and with the policies of other tools.
 */
public final class SheddingRun {

	private static final String OPENING = "/nothing";

	private SheddingRun() {
	}

	/** The computing time of a request is in milliseconds, durations are in seconds. */
	public static void main(String[] arguments) throws IOException {
		Run run = new Run("shedding", arguments, "work", "light", "heavy");
		int work = run.get("work", 40);
		int light = run.get("light", 15);
		int heavy = run.get("heavy", 30);
		run.say("""
				%d ms of computing per request, one loop: the capacity is %.0f requests per second. The load is twice the \
				capacity for %d s, at random times; before and after, 0.3 times the capacity.

				| policy | goodput, of the capacity | shed | late or lost | p50 | p99 | p99 in the last quarter | p99 under light load | p99, ratio |
				| --- | --- | --- | --- | --- | --- | --- | --- | --- |""",
				work, 1000.0 / work, heavy);
		Panel p99 = Panel.logarithmic("p99 of accepted requests, ms");
		Panel useful = Panel.of("answered within a second, requests per second");
		Panel shed = Panel.of("shed, %");
		for (Policy policy : Policy.values()) {
			run.progress("%s: %d s", policy.title, 2 * light + heavy);
			Overload overload = Overload.of(policy, work, light, heavy, run.directory());
			p99.line(policy.title, overload.all().perSecond(LoadResult::p99Millis));
			useful.line(policy.title, overload.all().perSecond((second) -> second.only(Overload::isUseful).sent()));
			shed.line(policy.title, overload.all().perSecond((second) -> 100 * second.share(Overload::isShed)));
			run.say(overload.row(policy.title));
		}
		run.keep("policies", new Picture("Twice the capacity of one loop", p99, useful, shed).band(light, light + heavy,
				"overload"));
	}

	/** The policies that decide which requests are shed. */
	enum Policy {

		NONE("none"),

		LAG("ours"),

		ON_OFF("on/off"),

		SMOOTHED("smoothed");

		private final String title;

		Policy(String title) {
			this.title = title;
		}

	}

	/**
	 * A server with one loop that receives a light load, then twice its capacity, then a
	 * light load again. Requests arrive at random times.
	 *
	 * @param light the duration of the light load, before and after
	 * @param heavy the duration of the overload
	 * @param capacity of the server, in requests per second
	 */
	record Overload(LoadResult all, Duration light, Duration heavy, double capacity) {

		/** Answers that take longer are considered useless. */
		private static final long USEFUL_NANOS = Duration.ofSeconds(1).toNanos();

		static Overload of(Policy policy, int workMillis, int light, int heavy, Path directory) {
			double capacity = 1000.0 / workMillis;
			Duration lightly = Duration.ofSeconds(light);
			try (Instance server = Application.of(OverloadedApplication.class)
				.loops(1)
				.property("eventloop.shedding.enabled", policy != Policy.NONE)
				.property("eventloop.shedding.exclude", OPENING)
				.property("policy", policy.name().toLowerCase(Locale.ROOT).replace('_', '-'))
				.start(policy.name(), directory)) {
				Load load = Load.get(server.url("/work/" + workMillis))
					.connections(400)
					.prefilledBy(OPENING)
					.timeout(Duration.ofSeconds(10));
				load.start(Plan.steady(0.3 * capacity, Duration.ofSeconds(5))).await();
				LoadResult result = load
					.start(Plan.steady(0.3 * capacity, lightly)
						.then(2 * capacity, Duration.ofSeconds(heavy))
						.then(0.3 * capacity, lightly)
						.poisson(1))
					.await();
				return new Overload(result, lightly, Duration.ofSeconds(heavy), capacity);
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

		/** Timely answers, as a share of the capacity of the server. */
		double goodput() {
			return heavily().only(Overload::isUseful).sent() / (this.heavy.toSeconds() * this.capacity);
		}

		double heavyP99Millis() {
			return heavily().p99Millis();
		}

		private String row(String title) {
			Duration end = this.light.plus(this.heavy);
			double lightP99 = this.all.between(Duration.ZERO, this.light).p99Millis();
			return Run.format("| %s | %.0f %% | %.0f %% | %.0f %% | %.0f ms | %.0f ms | %.0f ms | %.0f ms | %.1f |",
					title, 100 * goodput(), 100 * heavily().share(Overload::isShed),
					100 * heavily().share((sample) -> !isUseful(sample) && !isShed(sample)),
					heavily().only(Sample::isOk).millis(50), heavyP99Millis(),
					this.all.between(end.minus(this.heavy.dividedBy(4)), end).p99Millis(), lightP99,
					heavyP99Millis() / lightP99);
		}

	}

}
