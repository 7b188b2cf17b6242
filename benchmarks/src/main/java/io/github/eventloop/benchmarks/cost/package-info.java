/**
 * CPU time of a request with the library, compared with the CPU time without.
 */
@NullMarked
package io.github.eventloop.benchmarks.cost;

import org.jspecify.annotations.NullMarked;
