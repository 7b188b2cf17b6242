/**
 * One page from the summaries of the runs.
 */
@NullMarked
package io.github.eventloop.benchmarks.report;

import org.jspecify.annotations.NullMarked;
