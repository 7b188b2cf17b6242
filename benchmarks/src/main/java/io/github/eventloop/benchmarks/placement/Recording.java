package io.github.eventloop.benchmarks.placement;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.benchmarks.load.LoadResult;

/**
 * What was seen of a setting.
 *
 * @param setting the setting
 * @param mixed the requests beside a slow route, without those to it
 * @param worker while a loop was blocked that does not accept connections
 * @param acceptor while the loop was blocked that does, if it carries connections too
 */
record Recording(Setting setting, LoadResult mixed, Block worker, @Nullable Block acceptor) {

	/**
	 * Return how many of the requests beside the slow route were answered late: after 50
	 * ms, a third of what that takes.
	 * @return their share, from 0 to 1
	 */
	double late() {
		LoadResult late = this.mixed.only((sample) -> sample.latencyNanos() > 50_000_000);
		return (double) late.samples().size() / this.mixed.samples().size();
	}

	/**
	 * New connections while a loop was blocked.
	 *
	 * @param requests those of clients
	 * @param probes those of readiness probes
	 */
	record Block(Newcomers requests, Newcomers probes) {

	}

}
