/**
 * Utilization of the loops compared with their CPU time and that of the process.
 */
@NullMarked
package io.github.eventloop.benchmarks.utilization;

import org.jspecify.annotations.NullMarked;
