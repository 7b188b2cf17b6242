/**
 * What a loop notes, as a thread that reads meanwhile sees it.
 */
@NullMarked
package io.github.eventloop.benchmarks.publication;

import org.jspecify.annotations.NullMarked;
