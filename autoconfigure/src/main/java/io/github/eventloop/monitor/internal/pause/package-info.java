/**
 * Pauses of the process: garbage collections, CPU throttling, suspension.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.monitor.internal.pause;

import org.jspecify.annotations.NullMarked;
