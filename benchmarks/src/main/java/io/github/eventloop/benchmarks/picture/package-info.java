/**
 * Line charts as SVG, and the numbers behind them as CSV.
 */
@NullMarked
package io.github.eventloop.benchmarks.picture;

import org.jspecify.annotations.NullMarked;
