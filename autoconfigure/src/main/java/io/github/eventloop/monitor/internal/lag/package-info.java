/**
 * From recorded iterations to a distribution of lag: counts, slices and the window.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.monitor.internal.lag;

import org.jspecify.annotations.NullMarked;
