/**
 * Policy that judges the event loops, and the health indicators that report the result.
 */
@NullMarked
package io.github.eventloop.health;

import org.jspecify.annotations.NullMarked;
