/**
 * One page with the summaries of the benchmarks.
 */
@NullMarked
package io.github.eventloop.benchmarks.report;

import org.jspecify.annotations.NullMarked;
