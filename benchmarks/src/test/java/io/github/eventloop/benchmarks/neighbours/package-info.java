/**
 * Real servers and libraries that stand beside the library in an application: that it
 * sees their loops, and what blocks them.
 */
@NullMarked
package io.github.eventloop.benchmarks.neighbours;

import org.jspecify.annotations.NullMarked;
