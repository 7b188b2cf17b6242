/**
 * A long test with mixed load and offenders: whether all stalls are found, none is
 * spurious, and nothing leaks.
 */
@NullMarked
package io.github.eventloop.benchmarks.soak;

import org.jspecify.annotations.NullMarked;
