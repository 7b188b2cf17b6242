/**
 * Micrometer meters of event loops, stalls, blocking calls, shedding and worker threads.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.metrics.internal;

import org.jspecify.annotations.NullMarked;
