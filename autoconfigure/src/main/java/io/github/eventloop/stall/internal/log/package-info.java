/**
 * Log messages and application events for stalls.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.stall.internal.log;

import org.jspecify.annotations.NullMarked;
