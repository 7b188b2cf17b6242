/**
 * Sends requests at given times, whatever the answers do, and counts latency from those
 * times.
 */
@NullMarked
package io.github.eventloop.benchmarks.load;

import org.jspecify.annotations.NullMarked;
