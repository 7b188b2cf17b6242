/**
 * Load shedding: rejecting requests early on event loops that lag.
 */
@NullMarked
package io.github.eventloop.shedding;

import org.jspecify.annotations.NullMarked;
