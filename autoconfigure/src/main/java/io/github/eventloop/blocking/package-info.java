/**
 * Blocking calls of loops that are shorter than a stall: seen one by one, grouped by the
 * line to blame.
 */
@NullMarked
package io.github.eventloop.blocking;

import org.jspecify.annotations.NullMarked;
