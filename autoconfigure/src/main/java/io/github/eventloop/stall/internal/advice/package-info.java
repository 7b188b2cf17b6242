/**
 * Advice for a stall, read from a text file.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.stall.internal.advice;

import org.jspecify.annotations.NullMarked;
