/**
 * A server that gets twice of what it can do, and what policies of refusing make of it.
 */
@NullMarked
package io.github.eventloop.benchmarks.shedding;

import org.jspecify.annotations.NullMarked;
