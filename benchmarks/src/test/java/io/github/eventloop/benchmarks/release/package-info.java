/**
 * Rehearsal of a release, and of the workflows that make it.
 */
@NullMarked
package io.github.eventloop.benchmarks.release;

import org.jspecify.annotations.NullMarked;
