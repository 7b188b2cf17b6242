/**
 * Refusing requests in time on loops that lag.
 */
@NullMarked
package io.github.eventloop.shedding;

import org.jspecify.annotations.NullMarked;
