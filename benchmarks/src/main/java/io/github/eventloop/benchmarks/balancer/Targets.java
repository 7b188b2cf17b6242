package io.github.eventloop.benchmarks.balancer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.eventloop.benchmarks.load.LoadResult;

/**
 * The targets of each scenario, with a margin for a busy machine.
 */
final class Targets {

	private final Recording recording;

	private final Timeline timeline;

	private final List<String> unmet = new ArrayList<>();

	private Targets(Recording recording) {
		this.recording = recording;
		this.timeline = recording.scenario().timeline();
	}

	/**
	 * Compare a recording with the targets of its scenario.
	 * @param recording the recorded measurements
	 * @return the targets that were missed
	 */
	static List<String> unmet(Recording recording) {
		Targets targets = new Targets(recording);
		switch (recording.scenario().name()) {
			case "one-closing" -> targets.oneCloses();
			case "one-ready" -> targets.oneKeepsItsConnections();
			case "one-off" -> targets.oneStaysInService();
			case "all-probation", "all-open" -> targets.allReturn();
			case "all-out" -> targets.allLeave();
			default -> throw new IllegalArgumentException("Unknown scenario " + recording.scenario().name());
		}
		return targets.unmet;
	}

	private void oneCloses() {
		oneIsDetected();
		check(pooledShare() < 0.05,
				"pooled connections leave b, but %.0f %% of their requests go there".formatted(100 * pooledShare()));
		check(p99AfterDetection() < p99BeforeDetection() / 2,
				"the clients' p99 recovers while b lags, but is %.0f ms".formatted(p99AfterDetection()));
	}

	private void oneKeepsItsConnections() {
		oneIsDetected();
		check(pooledShare() > 0.2, "pooled connections stay on b, but only %.0f %% of their requests go there"
			.formatted(100 * pooledShare()));
	}

	private void oneStaysInService() {
		nothingIsLostElsewhere();
		check(freshShare() > 0.2, "new connections go to b, but only %.0f %% do".formatted(100 * freshShare()));
		check(p99AfterDetection() > 100,
				"the clients' p99 shows the lag, but is %.0f ms".formatted(p99AfterDetection()));
	}

	private void oneIsDetected() {
		nothingIsLostElsewhere();
		check(this.recording.outAfter("b").orElse(99) < Scenario.detection().toSeconds(),
				"b gets no new connections after %d s, but after %s".formatted(Scenario.detection().toSeconds(),
						this.recording.outAfter("b")));
		check(freshShare() == 0, "no new connections go to b, but %.0f %% do".formatted(100 * freshShare()));
		check(this.recording.backAfter("b").orElse(99) < 20,
				"b gets new connections 20 s after its lag, but after %s".formatted(this.recording.backAfter("b")));
	}

	private void nothingIsLostElsewhere() {
		long lost = this.recording.lostElsewhere(this.recording.scenario().lagging());
		check(lost == 0, "no request to another instance is lost, but %d are".formatted(lost));
	}

	private void allReturn() {
		check(this.recording.withAny() > 0.4,
				"at least one instance is ready most of the time, but only for %.0f %% of it"
					.formatted(100 * this.recording.withAny()));
		check(this.recording.longestWithoutAny() < 25, "the service is unavailable for less than 25 s, but for %.0f s"
			.formatted(this.recording.longestWithoutAny()));
	}

	private void allLeave() {
		check(this.recording.longestWithoutAny() > this.timeline.lag().toSeconds() / 2.0,
				"without probation the service is unavailable, but only for %.0f s"
					.formatted(this.recording.longestWithoutAny()));
	}

	private double pooledShare() {
		return lastShare(this.recording.pooled());
	}

	private double freshShare() {
		return lastShare(this.recording.fresh());
	}

	/**
	 * Share of requests that the lagging instance receives in the last five seconds of
	 * its lag.
	 */
	private double lastShare(LoadResult client) {
		Duration end = this.timeline.lagEnd();
		return this.recording.share(client, "b", end.minusSeconds(5), end);
	}

	private double p99BeforeDetection() {
		return p99(this.timeline.before(), this.timeline.before().plus(Scenario.detection()));
	}

	private double p99AfterDetection() {
		return p99(this.timeline.lagEnd().minusSeconds(5), this.timeline.lagEnd());
	}

	private double p99(Duration from, Duration to) {
		return this.recording.both().between(from, to).total().p99Millis();
	}

	private void check(boolean met, String target) {
		if (!met) {
			this.unmet.add(this.recording.scenario().name() + ": " + target);
		}
	}

}
