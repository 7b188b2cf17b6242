/**
 * Event loops that note when they polled: all that extends Netty and Reactor Netty.
 */
@NullMarked
package io.github.eventloop.netty;

import org.jspecify.annotations.NullMarked;
