/**
 * Controllers that look as if they block an event loop, but do not.
 */
@NullMarked
package io.github.eventloop.sample.innocents;

import org.jspecify.annotations.NullMarked;
