/**
 * The policy that judges the loops and the health contributor that reports it.
 */
@NullMarked
package io.github.eventloop.health;

import org.jspecify.annotations.NullMarked;
