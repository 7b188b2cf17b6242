package io.github.eventloop.netty.internal;

import java.util.Set;

import io.github.eventloop.monitor.LoopRole;

/**
 * The purpose of the loops of one {@link MonitoredEventLoopGroup}.
 *
 * @param group the name of the group that the loops are reported as
 * @param threadPrefix the prefix of the names of their threads
 * @param roles the initial roles of the loops
 */
public record LoopPurpose(String group, String threadPrefix, Set<LoopRole> roles) {
}
