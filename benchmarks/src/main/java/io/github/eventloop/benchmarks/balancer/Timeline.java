package io.github.eventloop.benchmarks.balancer;

import java.time.Duration;

/**
 * When instances lag.
 *
 * @param before time before the lag
 * @param lag duration of the lag
 * @param after time after the lag
 */
record Timeline(Duration before, Duration lag, Duration after) {

	Duration lagEnd() {
		return this.before.plus(this.lag);
	}

	Duration end() {
		return lagEnd().plus(this.after);
	}

}
