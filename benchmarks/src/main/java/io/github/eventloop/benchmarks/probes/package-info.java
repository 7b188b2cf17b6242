/**
 * Probes of an instance whose loops are blocked.
 */
@NullMarked
package io.github.eventloop.benchmarks.probes;

import org.jspecify.annotations.NullMarked;
