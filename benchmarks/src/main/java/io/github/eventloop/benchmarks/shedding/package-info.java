/**
 * A server that is loaded with twice its capacity, with different shedding policies.
 */
@NullMarked
package io.github.eventloop.benchmarks.shedding;

import org.jspecify.annotations.NullMarked;
