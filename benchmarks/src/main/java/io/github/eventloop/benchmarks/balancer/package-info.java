/**
 * Instances of the sample behind HAProxy, some or all of which are made to lag.
 */
@NullMarked
package io.github.eventloop.benchmarks.balancer;

import org.jspecify.annotations.NullMarked;
