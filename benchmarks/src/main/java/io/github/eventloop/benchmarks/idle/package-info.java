/**
 * The cost of the library in an application that receives no requests.
 */
@NullMarked
package io.github.eventloop.benchmarks.idle;

import org.jspecify.annotations.NullMarked;
