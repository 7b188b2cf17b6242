/**
 * Placement of new connections in an instance one of whose loops is blocked, or often
 * busy.
 */
@NullMarked
package io.github.eventloop.benchmarks.placement;

import org.jspecify.annotations.NullMarked;
