/**
 * The reported lag, compared with the latency that a client sees.
 */
@NullMarked
package io.github.eventloop.benchmarks.outside;

import org.jspecify.annotations.NullMarked;
