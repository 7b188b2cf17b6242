/**
 * What an event loop records while it runs: phases, iterations and requests, by a single
 * writer that never waits.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.monitor.internal.recorder;

import org.jspecify.annotations.NullMarked;
