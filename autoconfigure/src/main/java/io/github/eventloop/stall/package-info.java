/**
 * What a stalled loop was doing: sampled while it is stalled, blamed on a line, explained
 * by a cause.
 */
@NullMarked
package io.github.eventloop.stall;

import org.jspecify.annotations.NullMarked;
