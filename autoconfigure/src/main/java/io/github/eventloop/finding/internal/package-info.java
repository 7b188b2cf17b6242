/**
 * Rules that derive findings from what is known.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.finding.internal;

import org.jspecify.annotations.NullMarked;
