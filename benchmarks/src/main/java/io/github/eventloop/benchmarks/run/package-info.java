/**
 * Command line options and results of benchmarks.
 */
@NullMarked
package io.github.eventloop.benchmarks.run;

import org.jspecify.annotations.NullMarked;
