/**
 * Processes that a run starts, waits for and ends.
 */
@NullMarked
package io.github.eventloop.benchmarks.process;

import org.jspecify.annotations.NullMarked;
