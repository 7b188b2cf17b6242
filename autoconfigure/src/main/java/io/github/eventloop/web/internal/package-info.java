/**
 * Tracking of WebFlux requests: which are in flight on an event loop, and which of them
 * it is executing.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.web.internal;

import org.jspecify.annotations.NullMarked;
