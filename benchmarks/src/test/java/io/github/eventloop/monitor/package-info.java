/**
 * Races of state that only the monitor reads.
 */
@NullMarked
package io.github.eventloop.monitor;

import org.jspecify.annotations.NullMarked;
