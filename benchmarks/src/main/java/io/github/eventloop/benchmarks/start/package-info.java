/**
 * Time and memory that an application needs to start, with the library and without.
 */
@NullMarked
package io.github.eventloop.benchmarks.start;

import org.jspecify.annotations.NullMarked;
