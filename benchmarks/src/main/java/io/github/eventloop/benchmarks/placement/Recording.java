package io.github.eventloop.benchmarks.placement;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.benchmarks.load.LoadResult;

/**
 * The measurements for a setting.
 *
 * @param setting the setting
 * @param mixed the requests while the slow route was in use, without those to the route
 * @param worker while a loop was blocked that does not accept connections
 * @param acceptor while the accepting loop was blocked, if it carries connections too
 */
record Recording(Setting setting, LoadResult mixed, Block worker, @Nullable Block acceptor) {

	/**
	 * Return the share of requests that were answered late while the slow route was in
	 * use: after more than 50 ms, a third of the duration of that route.
	 * @return the share, from 0 to 1
	 */
	double late() {
		LoadResult late = this.mixed.only((sample) -> sample.latencyNanos() > 50_000_000);
		return (double) late.samples().size() / this.mixed.samples().size();
	}

	/**
	 * New connections while a loop was blocked.
	 *
	 * @param requests the requests of clients
	 * @param probes the readiness probes
	 */
	record Block(NewConnections requests, NewConnections probes) {

	}

}
