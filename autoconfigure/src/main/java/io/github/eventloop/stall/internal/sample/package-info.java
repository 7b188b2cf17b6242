/**
 * Samples of stalled threads: stacks, locks, thread states, CPU time and scheduling.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.stall.internal.sample;

import org.jspecify.annotations.NullMarked;
