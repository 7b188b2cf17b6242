/**
 * The event loops of an instance of the sample, and how to block them.
 */
@NullMarked
package io.github.eventloop.benchmarks.loops;

import org.jspecify.annotations.NullMarked;
