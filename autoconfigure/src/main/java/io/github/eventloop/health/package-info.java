/**
 * Status of the event loops, its settings, the health indicators that report it, and
 * signals of the application that contribute to it.
 */
@NullMarked
package io.github.eventloop.health;

import org.jspecify.annotations.NullMarked;
