/**
 * From the samples of a stall to its cause.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.stall.internal.cause;

import org.jspecify.annotations.NullMarked;
