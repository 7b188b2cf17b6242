/**
 * Real servers and libraries that are used together with the library: verifies that it
 * monitors their loops and finds the code that blocks them.
 */
@NullMarked
package io.github.eventloop.benchmarks.neighbours;

import org.jspecify.annotations.NullMarked;
