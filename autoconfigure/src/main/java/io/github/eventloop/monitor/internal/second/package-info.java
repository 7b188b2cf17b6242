/**
 * What the monitor thread does: it polls the loops, computes each second from those of
 * all loops, and notifies listeners.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.monitor.internal.second;

import org.jspecify.annotations.NullMarked;
