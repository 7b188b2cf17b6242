package io.github.eventloop.sample;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;

import io.github.eventloop.sample.exhibit.Outcome;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Responses of the endpoint before and after the request of an exhibit.
 *
 * @param stalls the stalls of the loop of the request that began after it was sent
 */
record Signature(Outcome outcome, JsonNode before, JsonNode after, List<JsonNode> stalls) {

	/** Return the busiest loop. */
	JsonNode loop() {
		return loops(this.after).max(Comparator.comparingDouble((loop) -> loop.get("utilization").asDouble()))
			.orElseThrow();
	}

	double utilization() {
		return loop().get("utilization").asDouble();
	}

	/** Return the length of the window, which begins with a whole second. */
	double windowMillis() {
		return this.after.get("windowSeconds").asDouble() * 1000;
	}

	double cpuUtilization() {
		return loop().get("cpuUtilization").asDouble();
	}

	/** Return the share of the stalls in which the loop had no CPU but needed one. */
	private double starvedShare() {
		double starved = this.stalls.stream().mapToDouble((stall) -> stall.get("starvedMillis").asDouble()).sum();
		double blocked = this.stalls.stream().mapToDouble((stall) -> stall.get("durationMillis").asDouble()).sum();
		return (blocked > 0) ? starved / blocked : 0;
	}

	double lagMaxMillis() {
		return loops(this.after).mapToDouble((loop) -> loop.at("/lag/maxMillis").asDouble()).max().orElseThrow();
	}

	double seconds(String kind) {
		return seconds(this.after, kind) - seconds(this.before, kind);
	}

	private double seconds(JsonNode eventLoops, String kind) {
		return loops(eventLoops).filter((loop) -> loop.get("name").equals(loop().get("name")))
			.mapToDouble((loop) -> loop.get(kind + "Seconds").asDouble())
			.sum();
	}

	double activeSeconds() {
		return seconds("io") + seconds("task");
	}

	void assertLoopBlocked() {
		double longest = Math.min(this.outcome.tookMillis(), ExhibitedShop.WINDOW.toMillis());
		assertThat(loop().get("name").asString()).isEqualTo(this.outcome.thread());
		assertThat(lagMaxMillis()).isGreaterThan(0.8 * longest);
		assertThat(utilization() * windowMillis()).isGreaterThan(0.8 * longest);
		assertThat(activeSeconds() * 1000).isGreaterThan(0.8 * this.outcome.tookMillis());
		assertThat(newStalls()).isPositive();
	}

	/** A machine that is busy with other work gives the loop less than a CPU. */
	void assertLoopComputed() {
		assertThat(cpuUtilization()).isGreaterThan(0.5 * utilization() * (1 - starvedShare()));
	}

	void assertLoopNotBlocked() {
		assertThat(lagMaxMillis()).isLessThan(ExhibitedShop.STALL.toMillis());
		assertThat(utilization()).isLessThan(0.3);
		assertThat(newStalls()).isZero();
	}

	private long newStalls() {
		return this.after.at("/stalls/total").asLong() - this.before.at("/stalls/total").asLong();
	}

	static Stream<JsonNode> loops(JsonNode eventLoops) {
		return eventLoops.get("loops").valueStream();
	}

}
