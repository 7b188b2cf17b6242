/**
 * What an application costs that nobody asks for anything.
 */
@NullMarked
package io.github.eventloop.benchmarks.idle;

import org.jspecify.annotations.NullMarked;
