/**
 * Slow service on event loops of its own, and its client.
 */
@NullMarked
package io.github.eventloop.sample.backend;

import org.jspecify.annotations.NullMarked;
