/**
 * Benchmarks, each in a class whose name ends with {@code Run}, and what they share:
 * loads, processes and results.
 */
@NullMarked
package io.github.eventloop.benchmarks;

import org.jspecify.annotations.NullMarked;
