/**
 * Event loops that record themselves, for servers and clients of Reactor Netty, and
 * external event loops.
 */
@NullMarked
package io.github.eventloop.netty;

import org.jspecify.annotations.NullMarked;
