/**
 * Monitored loops: their registry, and the history, stalls and waiting connections of
 * each.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.monitor.internal.loop;

import org.jspecify.annotations.NullMarked;
