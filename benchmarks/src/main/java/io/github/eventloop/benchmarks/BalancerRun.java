package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

import io.github.eventloop.benchmarks.BalancerRecording.Poll;
import io.github.eventloop.benchmarks.BalancerRun.BalancerScenario.Timeline;
import io.github.eventloop.benchmarks.Picture.Panel;

/**
 * Benchmark of three instances of the sample behind HAProxy at layer 4, as behind a
 * Kubernetes Service, one of which lags.
 */
public final class BalancerRun {

	private BalancerRun() {
	}

	/** Durations are in seconds. */
	public static void main(String[] arguments) throws IOException {
		Run run = new Run("balancer", arguments, "scenario", "before", "lag", "after", "management-port");
		Timeline timeline = new Timeline(run.get("before", 20), run.get("lag", 40), run.get("after", 40));
		List<BalancerScenario> scenarios = run.choose("scenario", BalancerScenario.all(timeline),
				BalancerScenario::name);
		run.say("# Behind a balancer\n\n" + BalancerExperiment.CONDITIONS);
		run.say("""

				| | p99 before | in the first %1$d s of lag | in the rest of it | after | pooled connections' requests \
				to b at the end of the lag | new connections to b then | out after | back after | lost | lost elsewhere | the client's own lag |
				| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |""",
				BalancerScenario.DETECTION.toSeconds());
		for (BalancerScenario scenario : scenarios) {
			run.progress("%s: three instances start, then %d s", scenario.name(), timeline.end().toSeconds());
			BalancerRecording recording = BalancerExperiment.run(scenario, run.has("management-port"),
					run.file(scenario.name()));
			run.keep(scenario.name(), picture(recording));
			run.say(row(recording));
			run.missed(recording.missed());
		}
		run.end();
	}

	private static String row(BalancerRecording recording) {
		Timeline timeline = recording.scenario().timeline();
		Duration detected = timeline.before().plus(BalancerScenario.DETECTION);
		OptionalDouble out = recording.outAfter("b");
		return Run.format(
				"| %s | %.0f ms | %.0f ms | %.0f ms | %.0f ms | %.0f %% | %.0f %% | %s | %s | %d | %d | %.0f ms |",
				recording.scenario().name(), recording.p99(Duration.ZERO, timeline.before()),
				recording.p99(timeline.before(), detected), recording.p99(detected, timeline.lagEnd()),
				recording.p99(timeline.lagEnd().plusSeconds(1), timeline.end()),
				100 * recording.lastShare(recording.pooled()), 100 * recording.lastShare(recording.fresh()),
				seconds(out), out.isPresent() ? seconds(recording.backAfter("b")) : "-", recording.lost(),
				recording.lostElsewhere(), recording.both().clientLagP99Millis());
	}

	private static String seconds(OptionalDouble seconds) {
		return seconds.isPresent() ? Run.format("%.1f s", seconds.getAsDouble()) : "-";
	}

	private static Picture picture(BalancerRecording recording) {
		double[] polls = recording.polls().stream().mapToDouble(Poll::second).toArray();
		Panel lag = Panel.of("lag p99 of each second, as the instance measures it, ms");
		Panel ready = Panel.states("readiness, as the balancer sees it", "not ready", "ready");
		Panel pooled = Panel.upTo(100, "share of the requests on pooled connections, %");
		Panel fresh = Panel.upTo(100, "share of the new connections, %");
		for (String instance : BalancerScenario.INSTANCES) {
			lag.line(instance, recording.lags().getOrDefault(instance, new double[0]));
			ready.line(instance, polls,
					recording.polls()
						.stream()
						.mapToDouble((poll) -> poll.ready().contains(instance) ? 1 : 0)
						.toArray());
			pooled.line(instance, recording.pooled().perSecond((second) -> 100 * second.share(recording.on(instance))));
			fresh.line(instance, recording.fresh().perSecond((second) -> 100 * second.share(recording.on(instance))));
		}
		Timeline timeline = recording.scenario().timeline();
		return new Picture(recording.scenario().title(), lag, ready,
				Panel.logarithmic("p99 of the clients' requests, ms")
					.line("pooled connections", recording.pooled().perSecond(LoadResult::p99Millis))
					.line("new connections", recording.fresh().perSecond(LoadResult::p99Millis)),
				pooled, fresh)
			.band(timeline.before().toSeconds(), timeline.lagEnd().toSeconds(),
					String.join(", ", recording.scenario().lagging()) + " made to lag");
	}

	/**
	 * The configuration of the instances, and which of them are made to lag.
	 */
	record BalancerScenario(String name, String title, List<String> lagging, Timeline timeline,
			List<String> properties) {

		/** The names of the instances in every scenario. */
		static final List<String> INSTANCES = List.of("a", "b", "c");

		/**
		 * The time after the start of the lag within which an instance has to be
		 * detected: three bad seconds, the second in which they end, two probes, and the
		 * same again for a busy machine.
		 */
		static final Duration DETECTION = Duration.ofSeconds(12);

		/**
		 * Return all scenarios. The instance leaves without a delay, because a random one
		 * would decide about the figures.
		 */
		static List<BalancerScenario> all(Timeline timeline) {
			String readiness = "eventloop.readiness.enabled=";
			String closing = "eventloop.readiness.close-connections=";
			String leave = "eventloop.health.leave-within=0s";
			List<String> b = List.of("b");
			return List.of(
					new BalancerScenario("one-closing", "One instance lags: not ready, and it closes its connections",
							b, timeline, List.of(leave, readiness + true, closing + true)),
					new BalancerScenario("one-ready", "One instance lags: not ready, connections stay open", b,
							timeline, List.of(leave, readiness + true, closing + false)),
					new BalancerScenario("one-off", "One instance lags: readiness does not reflect it", b, timeline,
							List.of(leave, readiness + false, closing + false)));
		}

		/**
		 * When instances lag.
		 */
		record Timeline(Duration before, Duration lag, Duration after) {

			Timeline(int before, int lag, int after) {
				this(Duration.ofSeconds(before), Duration.ofSeconds(lag), Duration.ofSeconds(after));
			}

			Duration lagEnd() {
				return this.before.plus(this.lag);
			}

			Duration end() {
				return lagEnd().plus(this.after);
			}

		}

	}

}
