/**
 * Child processes of a benchmark.
 */
@NullMarked
package io.github.eventloop.benchmarks.process;

import org.jspecify.annotations.NullMarked;
