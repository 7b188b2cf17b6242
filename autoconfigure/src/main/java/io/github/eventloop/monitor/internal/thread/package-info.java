/**
 * Threads of the library: their creation, notifications, CPU time and failures.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.monitor.internal.thread;

import org.jspecify.annotations.NullMarked;
