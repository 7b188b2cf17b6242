package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import io.github.eventloop.benchmarks.Blockade.Loops;
import io.github.eventloop.benchmarks.LoadResult.Outcome;
import io.github.eventloop.benchmarks.LoadResult.Sample;
import io.github.eventloop.benchmarks.Picture.Panel;

/**
 * Benchmark of probes of the sample while its loops are blocked: on a management port
 * with its own loop, on a management port without, and on a port shared with the
 * application.
 */
public final class ProbesRun {

	/** The default timeout of probes in Kubernetes. */
	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	private ProbesRun() {
	}

	/** The duration of a scenario is in seconds. */
	public static void main(String[] arguments) throws IOException {
		Run run = new Run("probes", arguments, "seconds");
		int seconds = run.get("seconds", 10);
		Panel answered = Panel.upTo(100, "probes that are answered, %");
		Panel longest = Panel.logarithmic("longest time to an answer, ms");
		run.say("""
				# Probes of blocked loops

				The sample with four loops, `-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1`. Loops are blocked for the whole
				time, by handlers that sleep. Readiness and liveness are probed in turn, each time over a new connection, with a
				timeout of 1 s; 503 counts as an answer. Latency is measured from the time at which a probe was due. isolated: a
				management port with its own loop (the default); not-isolated: a management port,
				`eventloop.management.isolated=false`; shared: no management port, and the blocked loop is not the one that accepts.

				| | loops blocked | probes | lost | p50 | p99 | longest |
				| --- | --- | --- | --- | --- | --- | --- |""");
		for (Scenario scenario : Scenario.values()) {
			run.progress("%s: the sample starts, then %d s", scenario, seconds);
			LoadResult probes = scenario.run(Duration.ofSeconds(seconds), run.directory());
			LoadResult answers = probes.only(ProbesRun::isAnswered);
			answered.line(scenario.toString(), probes.perSecond((second) -> 100 * second.share(ProbesRun::isAnswered)));
			longest.line(scenario.toString(), answers.perSecond((second) -> second.millis(100)));
			run.say("| %s | %s | %,d | %d | %s | %s | %s |", scenario, scenario.blocksAll ? "all" : "1 of 4",
					probes.sent(), probes.sent() - answers.sent(), millis(answers, 50), millis(answers, 99),
					millis(answers, 100));
		}
		run.keep("answered", new Picture("Probes of blocked loops", answered, longest));
	}

	/** Any answer counts, even if the application is not ready. */
	static boolean isAnswered(Sample probe) {
		return probe.isOk() || probe.outcome() == Outcome.UNAVAILABLE;
	}

	private static String millis(LoadResult answers, double percentile) {
		return (answers.sent() > 0) ? Run.format("%.1f ms", answers.millis(percentile)) : "-";
	}

	/** The probed port, and the loops that are blocked meanwhile. */
	enum Scenario {

		/** A management port with its own loop, which is the default. */
		ISOLATED(true, 100),

		/** A management port on the loops of the application, as without the library. */
		NOT_ISOLATED(true, 10),

		/** No management port, and one loop blocked that does not accept connections. */
		SHARED(false, 10);

		private final boolean blocksAll;

		private final double perSecond;

		Scenario(boolean blocksAll, double perSecond) {
			this.blocksAll = blocksAll;
			this.perSecond = perSecond;
		}

		LoadResult run(Duration duration, Path directory) throws IOException {
			Application sample = Application.sample().frugal().loops(4);
			if (this != SHARED) {
				sample.managementPort().property("eventloop.management.isolated", this == ISOLATED);
			}
			try (Instance instance = sample.start(toString(), directory)) {
				// Load the classes that probes need, and use all loops.
				probe(instance, 100, Duration.ofSeconds(2));
				Load.get(instance.url("/products/1"))
					.newConnectionForEach()
					.start(Plan.steady(50, Duration.ofSeconds(1)))
					.await();
				Loops loops = Loops.of(instance);
				try (Blockade blockade = Blockade.of(instance,
						this.blocksAll ? loops.workers() : List.of(loops.workerOnly()),
						duration.plus(TIMEOUT).plusSeconds(2))) {
					LoadResult probes = probe(instance, this.perSecond, duration);
					blockade.requireAllAsleep();
					return probes;
				}
			}
		}

		private static LoadResult probe(Instance instance, double perSecond, Duration duration) {
			Duration apart = Duration.ofNanos((long) (1e9 / perSecond));
			try (RunningLoad readiness = start(instance, "readiness", Plan.steady(perSecond / 2, duration));
					RunningLoad liveness = start(instance, "liveness",
							Plan.steady(0, apart).then(perSecond / 2, duration.minus(apart)))) {
				return readiness.await().and(liveness.await());
			}
		}

		private static RunningLoad start(Instance instance, String probe, Plan plan) {
			return Load.get(instance.managementUrl("/actuator/health/" + probe))
				.newConnectionForEach()
				.timeout(TIMEOUT)
				.start(plan);
		}

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
