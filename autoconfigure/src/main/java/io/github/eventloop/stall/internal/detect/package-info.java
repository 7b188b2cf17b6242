/**
 * Detection of stalls: which loops to sample and when, from the first sample of a stall
 * to its record.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.stall.internal.detect;

import org.jspecify.annotations.NullMarked;
