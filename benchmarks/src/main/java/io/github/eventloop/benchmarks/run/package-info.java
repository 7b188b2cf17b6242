/**
 * What a run is told on its command line, and where it leaves its results.
 */
@NullMarked
package io.github.eventloop.benchmarks.run;

import org.jspecify.annotations.NullMarked;
