/**
 * Stalls as applications read them: the detector, its settings and listener, and what it
 * reports.
 */
@NullMarked
package io.github.eventloop.stall;

import org.jspecify.annotations.NullMarked;
