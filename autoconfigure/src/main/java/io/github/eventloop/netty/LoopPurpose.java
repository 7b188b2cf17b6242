package io.github.eventloop.netty;

import java.util.Set;

import io.github.eventloop.monitor.LoopRole;

/**
 * What the loops of one {@link MonitoredEventLoopGroup} are for.
 *
 * @param group the name of the group that they are shown under
 * @param threadPrefix what the names of their threads begin with
 * @param roles the roles that they have from the start
 */
record LoopPurpose(String group, String threadPrefix, Set<LoopRole> roles) {
}
