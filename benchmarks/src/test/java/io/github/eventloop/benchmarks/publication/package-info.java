/**
 * The state that a loop records, as seen by a concurrent reader.
 */
@NullMarked
package io.github.eventloop.benchmarks.publication;

import org.jspecify.annotations.NullMarked;
