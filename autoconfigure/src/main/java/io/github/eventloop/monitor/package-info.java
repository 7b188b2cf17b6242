/**
 * Records what each loop did and computes lag and utilization from it; JDK only.
 */
@NullMarked
package io.github.eventloop.monitor;

import org.jspecify.annotations.NullMarked;
