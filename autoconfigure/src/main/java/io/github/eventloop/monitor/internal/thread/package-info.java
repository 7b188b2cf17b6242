/**
 * Threads of the library, and isolation from failures of code that it calls.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.monitor.internal.thread;

import org.jspecify.annotations.NullMarked;
