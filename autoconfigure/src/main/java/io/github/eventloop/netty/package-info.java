/**
 * Monitored event loops and everything else that extends Netty and Reactor Netty.
 */
@NullMarked
package io.github.eventloop.netty;

import org.jspecify.annotations.NullMarked;
