package io.github.eventloop.netty.internal;

/**
 * The purpose of the loops of one {@link MonitoredEventLoopGroup}.
 *
 * @param group the name of the group that the loops are reported as
 * @param threadPrefix the prefix of the names of their threads
 * @param owner what the loops are for
 */
public record LoopPurpose(String group, String threadPrefix, LoopOwner owner) {
}
