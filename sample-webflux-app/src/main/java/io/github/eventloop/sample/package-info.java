/**
 * A small shop that holds up its own event loops on purpose, and shows the way out.
 */
@NullMarked
package io.github.eventloop.sample;

import org.jspecify.annotations.NullMarked;
