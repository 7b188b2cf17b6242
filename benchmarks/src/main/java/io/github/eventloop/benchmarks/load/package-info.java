/**
 * An open-loop load generator that measures latency from the time at which a request was
 * due.
 */
@NullMarked
package io.github.eventloop.benchmarks.load;

import org.jspecify.annotations.NullMarked;
