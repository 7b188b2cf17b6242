package io.github.eventloop.benchmarks.balancer;

import java.time.Duration;

/**
 * When instances lag.
 *
 * @param before time until they begin to
 * @param lag for how long they do
 * @param after time from then on
 */
record Timeline(Duration before, Duration lag, Duration after) {

	Duration lagEnd() {
		return this.before.plus(this.lag);
	}

	Duration end() {
		return lagEnd().plus(this.after);
	}

}
