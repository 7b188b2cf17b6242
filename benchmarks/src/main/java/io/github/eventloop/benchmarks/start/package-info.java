/**
 * Time and memory that the start of an application takes, with the library and without.
 */
@NullMarked
package io.github.eventloop.benchmarks.start;

import org.jspecify.annotations.NullMarked;
