/**
 * Everything that extends Netty and Reactor Netty: event loops, their groups and threads,
 * connection placement, connection draining.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.netty.internal;

import org.jspecify.annotations.NullMarked;
