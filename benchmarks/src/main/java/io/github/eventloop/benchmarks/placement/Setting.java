package io.github.eventloop.benchmarks.placement;

import java.util.List;

/**
 * How an instance places new connections.
 *
 * @param name what files, pictures and tables call it
 * @param placement value of {@code eventloop.placement}
 * @param dedicated value of {@code eventloop.acceptor.dedicated}
 */
record Setting(String name, String placement, boolean dedicated) {

	/** As Netty and Reactor Netty do. */
	static final Setting ROUND_ROBIN = new Setting("round-robin", "round-robin", false);

	/** In turn as well, with an acceptor of its own. */
	static final Setting DEDICATED = new Setting("dedicated", "round-robin", true);

	/** Past loops that lag. */
	static final Setting LEAST_LAG = new Setting("least-lag", "least-lag", false);

	/** Past loops that lag, with an acceptor of its own. */
	static final Setting BOTH = new Setting("both", "least-lag", true);

	/** All of them. */
	static final List<Setting> ALL = List.of(ROUND_ROBIN, DEDICATED, LEAST_LAG, BOTH);

}
