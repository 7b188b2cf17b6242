/**
 * Policy that judges the event loops, and the health indicators that report the result.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.health.internal;

import org.jspecify.annotations.NullMarked;
