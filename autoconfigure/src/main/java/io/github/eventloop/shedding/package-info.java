/**
 * Load shedding on event loops that lag: which requests to reject.
 */
@NullMarked
package io.github.eventloop.shedding;

import org.jspecify.annotations.NullMarked;
