/**
 * Tracking of WebFlux requests: which are in flight on an event loop, and which of them
 * it is executing.
 */
@NullMarked
package io.github.eventloop.web;

import org.jspecify.annotations.NullMarked;
