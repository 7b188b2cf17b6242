/**
 * Policy that judges the event loops, its input and reasons, and the notifier of status
 * changes.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.health.internal;

import org.jspecify.annotations.NullMarked;
