package io.github.eventloop.netty;

/**
 * What the loops of one {@link MonitoredEventLoopGroup} are called.
 *
 * @param group the name of the group that they are shown under
 * @param threadPrefix what the names of their threads begin with
 */
record LoopNames(String group, String threadPrefix) {
}
