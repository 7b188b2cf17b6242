/**
 * Records of stalls that have ended: the newest ones, and hotspots.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.stall.internal.record;

import org.jspecify.annotations.NullMarked;
