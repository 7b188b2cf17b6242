/**
 * Utilization and lag as they are reported, beside what follows from a known schedule.
 */
@NullMarked
package io.github.eventloop.benchmarks.truth;

import org.jspecify.annotations.NullMarked;
