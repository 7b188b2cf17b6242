/**
 * Utilization of the loops beside their CPU and that of the process, where these agree
 * and where they do not.
 */
@NullMarked
package io.github.eventloop.benchmarks.utilization;

import org.jspecify.annotations.NullMarked;
