package io.github.eventloop.benchmarks.balancer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.eventloop.benchmarks.load.LoadResult;

/**
 * What each scenario promises, with room for a busy machine.
 */
final class Promises {

	private final Recording recording;

	private final Timeline timeline;

	private final List<String> unmet = new ArrayList<>();

	private Promises(Recording recording) {
		this.recording = recording;
		this.timeline = recording.scenario().timeline();
	}

	/**
	 * Compare a recording with what its scenario promises.
	 * @param recording what was seen
	 * @return what is not as promised
	 */
	static List<String> unmet(Recording recording) {
		Promises promises = new Promises(recording);
		switch (recording.scenario().name()) {
			case "one-closing" -> promises.oneCloses();
			case "one-ready" -> promises.oneStepsAside();
			case "one-off" -> promises.oneStays();
			case "all-probation", "all-open" -> promises.allComeBack();
			case "all-out" -> promises.allVanish();
			default -> throw new IllegalArgumentException("Unknown scenario " + recording.scenario().name());
		}
		return promises.unmet;
	}

	private void oneCloses() {
		oneIsFoundOut();
		promise(pooledShare() < 0.05,
				"kept connections leave b, but %.0f %% of their requests go there".formatted(100 * pooledShare()));
		promise(p99WhenFound() < p99BeforeFound() / 2,
				"the clients' p99 recovers while b lags, but is %.0f ms".formatted(p99WhenFound()));
	}

	private void oneStepsAside() {
		oneIsFoundOut();
		promise(pooledShare() > 0.2, "kept connections stay on b, but only %.0f %% of their requests go there"
			.formatted(100 * pooledShare()));
	}

	private void oneStays() {
		nothingIsLostElsewhere();
		promise(freshShare() > 0.2, "new connections go to b, but only %.0f %% do".formatted(100 * freshShare()));
		promise(p99WhenFound() > 100, "the clients' p99 shows the damage, but is %.0f ms".formatted(p99WhenFound()));
	}

	private void oneIsFoundOut() {
		nothingIsLostElsewhere();
		promise(this.recording.outAfter("b").orElse(99) < Scenario.detection().toSeconds(),
				"b gets no new connections after %d s, but after %s".formatted(Scenario.detection().toSeconds(),
						this.recording.outAfter("b")));
		promise(freshShare() == 0, "no new connections go to b, but %.0f %% do".formatted(100 * freshShare()));
		promise(this.recording.backAfter("b").orElse(99) < 20,
				"b gets new connections 20 s after its lag, but after %s".formatted(this.recording.backAfter("b")));
	}

	private void nothingIsLostElsewhere() {
		long lost = this.recording.lostElsewhere(this.recording.scenario().lagging());
		promise(lost == 0, "no request is lost that was not on b, but %d are".formatted(lost));
	}

	private void allComeBack() {
		promise(this.recording.withAny() > 0.4, "some instance is ready most of the time, but for %.0f %% of it"
			.formatted(100 * this.recording.withAny()));
		promise(this.recording.longestWithoutAny() < 25,
				"the service is not gone for 25 s, but for %.0f s".formatted(this.recording.longestWithoutAny()));
	}

	private void allVanish() {
		promise(this.recording.longestWithoutAny() > this.timeline.lag().toSeconds() / 2.0,
				"without probation the service is gone, but for %.0f s at most"
					.formatted(this.recording.longestWithoutAny()));
	}

	private double pooledShare() {
		return lastShare(this.recording.pooled());
	}

	private double freshShare() {
		return lastShare(this.recording.fresh());
	}

	/** Share of the lagging instance in the last seconds of its lag. */
	private double lastShare(LoadResult client) {
		Duration end = this.timeline.lagEnd();
		return this.recording.share(client, "b", end.minusSeconds(5), end);
	}

	private double p99BeforeFound() {
		return p99(this.timeline.before(), this.timeline.before().plus(Scenario.detection()));
	}

	private double p99WhenFound() {
		return p99(this.timeline.lagEnd().minusSeconds(5), this.timeline.lagEnd());
	}

	private double p99(Duration from, Duration to) {
		return this.recording.both().between(from, to).total().p99Millis();
	}

	private void promise(boolean kept, String promise) {
		if (!kept) {
			this.unmet.add(this.recording.scenario().name() + ": " + promise);
		}
	}

}
