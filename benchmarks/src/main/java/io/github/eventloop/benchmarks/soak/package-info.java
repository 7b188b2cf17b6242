/**
 * A long time of mixed load and offenders: whether all stalls are found, none is made up,
 * and nothing grows.
 */
@NullMarked
package io.github.eventloop.benchmarks.soak;

import org.jspecify.annotations.NullMarked;
