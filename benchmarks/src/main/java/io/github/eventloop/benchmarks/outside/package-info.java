/**
 * The lag that is reported beside the latency that a client sees.
 */
@NullMarked
package io.github.eventloop.benchmarks.outside;

import org.jspecify.annotations.NullMarked;
