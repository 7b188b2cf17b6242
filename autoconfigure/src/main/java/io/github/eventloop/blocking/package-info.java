/**
 * Detection of individual blocking calls on event loops, including those that are too
 * short for a stall, grouped by culprit.
 */
@NullMarked
package io.github.eventloop.blocking;

import org.jspecify.annotations.NullMarked;
