/**
 * A slow service on loops of its own, for the callers that wait for it.
 */
@NullMarked
package io.github.eventloop.sample.backend;

import org.jspecify.annotations.NullMarked;
