package io.github.eventloop.benchmarks.placement;

import java.util.List;

/**
 * How an instance places new connections.
 *
 * @param name its name in files, charts and tables
 * @param placement value of {@code eventloop.placement}
 * @param dedicated value of {@code eventloop.acceptor.dedicated}
 */
record Setting(String name, String placement, boolean dedicated) {

	/** The behaviour of Netty and Reactor Netty. */
	static final Setting ROUND_ROBIN = new Setting("round-robin", "round-robin", false);

	/** Round-robin with a dedicated acceptor. */
	static final Setting DEDICATED = new Setting("dedicated", "round-robin", true);

	/** Avoids loops that lag. */
	static final Setting LEAST_LAG = new Setting("least-lag", "least-lag", false);

	/** Avoids loops that lag, with a dedicated acceptor. */
	static final Setting BOTH = new Setting("both", "least-lag", true);

	/** All settings. */
	static final List<Setting> ALL = List.of(ROUND_ROBIN, DEDICATED, LEAST_LAG, BOTH);

}
