/**
 * What the library's parts cost, each on its own, measured by JMH.
 */
@NullMarked
package io.github.eventloop.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
