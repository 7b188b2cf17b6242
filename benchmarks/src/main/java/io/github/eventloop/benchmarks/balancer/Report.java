package io.github.eventloop.benchmarks.balancer;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

import io.github.eventloop.benchmarks.balancer.ReadinessPoller.Poll;
import io.github.eventloop.benchmarks.load.LoadResult;
import io.github.eventloop.benchmarks.load.Summary;
import io.github.eventloop.benchmarks.picture.Csv;
import io.github.eventloop.benchmarks.picture.Panel;
import io.github.eventloop.benchmarks.picture.Picture;
import io.github.eventloop.benchmarks.run.Output;

/**
 * A recording as a chart, as CSV and as a row of a table.
 */
final class Report {

	private final Recording recording;

	private final Timeline timeline;

	Report(Recording recording) {
		this.recording = recording;
		this.timeline = recording.scenario().timeline();
	}

	void keep(Output output) {
		output.keep(this.recording.scenario().name(), picture(), numbers());
	}

	private Picture picture() {
		double[] seconds = seconds();
		double[] polls = this.recording.polls().stream().mapToDouble(Poll::seconds).toArray();
		Panel lag = Panel.titled("lag p99 of each second, as the instance measures it, ms");
		Panel ready = Panel.titled("readiness, as the balancer sees it").states("not ready", "ready");
		Panel pooled = Panel.titled("share of the requests on pooled connections, %").max(100);
		Panel fresh = Panel.titled("share of the new connections, %").max(100);
		for (String instance : Scenario.INSTANCES) {
			lag.line(instance, seconds, this.recording.lag(instance));
			ready.steps(instance, polls,
					this.recording.polls().stream().mapToDouble((poll) -> poll.ready(instance) ? 1 : 0).toArray());
			pooled.line(instance, seconds, percent(this.recording.shares(this.recording.pooled(), instance)));
			fresh.line(instance, seconds, percent(this.recording.shares(this.recording.fresh(), instance)));
		}
		return Picture.titled(this.recording.scenario().title())
			.band(this.timeline.before().toSeconds(), this.timeline.lagEnd().toSeconds(),
					String.join(", ", this.recording.scenario().lagging()) + " made to lag")
			.panel(lag)
			.panel(ready)
			.panel(Panel.titled("p99 of the clients' requests, ms")
				.logarithmic()
				.line("pooled connections", seconds, p99(this.recording.pooled()))
				.line("new connections", seconds, p99(this.recording.fresh())))
			.panel(pooled)
			.panel(fresh);
	}

	private Csv numbers() {
		Csv csv = new Csv().column("second", seconds());
		List<Summary> both = this.recording.both().perSecond();
		csv.column("sent", both.stream().mapToDouble(Summary::sent).toArray());
		csv.column("failed", both.stream().mapToDouble((second) -> second.sent() - second.ok()).toArray());
		csv.column("pooledP99Millis", p99(this.recording.pooled()));
		csv.column("freshP99Millis", p99(this.recording.fresh()));
		for (String instance : Scenario.INSTANCES) {
			csv.column(instance + "LagP99Millis", this.recording.lag(instance));
			csv.column(instance + "Ready", readyPerSecond(instance));
			csv.column(instance + "PooledShare", this.recording.shares(this.recording.pooled(), instance));
			csv.column(instance + "FreshShare", this.recording.shares(this.recording.fresh(), instance));
		}
		return csv;
	}

	/** The table header for scenarios in which one instance lags. */
	static String oneHead() {
		return """
				| | p99 before | in the first %1$d s of lag | in the rest of it | after | pooled connections' requests \
				to b at the end of the lag | new connections to b then | out after | back after | lost | lost elsewhere | the client's own lag |
				| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"""
			.formatted(Scenario.detection().toSeconds());
	}

	String one() {
		String b = this.recording.scenario().lagging().get(0);
		Duration start = this.timeline.before();
		Duration detected = start.plus(Scenario.detection());
		Duration end = this.timeline.lagEnd();
		Duration last = end.minusSeconds(5);
		LoadResult both = this.recording.both();
		return format(
				"| %s | %.0f ms | %.0f ms | %.0f ms | %.0f ms | %.0f %% | %.0f %% | %s | %s | %d | %d | %.0f ms |",
				this.recording.scenario().name(), p99(both, Duration.ZERO, start), p99(both, start, detected),
				p99(both, detected, end), p99(both, end.plusSeconds(1), this.timeline.end()),
				100 * this.recording.share(this.recording.pooled(), b, last, end),
				100 * this.recording.share(this.recording.fresh(), b, last, end), seconds(this.recording.outAfter(b)),
				this.recording.outAfter(b).isPresent() ? seconds(this.recording.backAfter(b)) : "-",
				this.recording.lost(), this.recording.lostElsewhere(List.of(b)), both.clientLagP99Millis());
	}

	/** The table header for scenarios in which all instances lag. */
	static String allHead() {
		return """
				| | time with a ready instance | longest without | new connections answered | requests on pooled connections answered | all back after the lag |
				| --- | --- | --- | --- | --- | --- |""";
	}

	String all() {
		double back = Scenario.INSTANCES.stream()
			.mapToDouble((instance) -> this.recording.backAfter(instance).orElse(Double.NaN))
			.max()
			.orElseThrow();
		return format("| %s | %.0f %% | %.0f s | %.0f %% | %.0f %% | %s |", this.recording.scenario().name(),
				100 * this.recording.withAny(), this.recording.longestWithoutAny(),
				100 * answered(this.recording.fresh()), 100 * answered(this.recording.pooled()),
				Double.isNaN(back) ? "-" : format("%.1f s", back));
	}

	/** Share of a client's requests during the lag that were answered. */
	private double answered(LoadResult client) {
		Summary total = client.between(this.timeline.before(), this.timeline.lagEnd()).total();
		return (double) total.ok() / total.sent();
	}

	private double[] seconds() {
		return IntStream.range(0, (int) this.timeline.end().toSeconds()).asDoubleStream().toArray();
	}

	/** The readiness at the end of each second. */
	private double[] readyPerSecond(String instance) {
		double[] ready = new double[(int) this.timeline.end().toSeconds()];
		for (Poll poll : this.recording.polls()) {
			int second = (int) poll.seconds();
			if (second < ready.length) {
				ready[second] = poll.ready(instance) ? 1 : 0;
			}
		}
		return ready;
	}

	private static double[] p99(LoadResult client) {
		return client.perSecond().stream().mapToDouble(Summary::p99Millis).toArray();
	}

	private static double p99(LoadResult client, Duration from, Duration to) {
		return client.between(from, to).total().p99Millis();
	}

	private static double[] percent(double[] shares) {
		return Arrays.stream(shares).map((share) -> 100 * share).toArray();
	}

	private static String seconds(OptionalDouble seconds) {
		return seconds.isPresent() ? format("%.1f s", seconds.getAsDouble()) : "-";
	}

	private static String format(String format, Object... arguments) {
		return String.format(Locale.ROOT, format, arguments);
	}

}
