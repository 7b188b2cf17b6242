/**
 * JMH benchmarks of the individual parts of the library.
 */
@NullMarked
package io.github.eventloop.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
