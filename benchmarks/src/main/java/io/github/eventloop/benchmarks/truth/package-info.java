/**
 * The reported utilization and lag, compared with the ground truth of known schedules.
 */
@NullMarked
package io.github.eventloop.benchmarks.truth;

import org.jspecify.annotations.NullMarked;
