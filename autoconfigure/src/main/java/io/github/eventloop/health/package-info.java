/**
 * Status of the event loops, its settings, and signals of the application that contribute
 * to it.
 */
@NullMarked
package io.github.eventloop.health;

import org.jspecify.annotations.NullMarked;
