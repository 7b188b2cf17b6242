package io.github.eventloop.netty.internal;

import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.netty.Placement;

/**
 * Settings of {@link MonitoredLoopResources}. Immutable.
 *
 * @param prefix the prefix of the names of the threads
 * @param selectCount the number of dedicated acceptor loops, or -1 to accept connections
 * on the other loops
 * @param workerCount the number of other loops
 * @param daemon whether the threads of the loops are daemon threads
 * @param colocate whether a client that is used on a loop stays on that loop
 * @param placement how a loop is chosen for a new connection
 * @param owner what the loops are for
 */
public record LoopResourcesSettings(String prefix, int selectCount, int workerCount, boolean daemon, boolean colocate,
		Placement placement, LoopOwner owner) {

	public boolean hasDedicatedAcceptor() {
		return this.selectCount != -1;
	}

}
