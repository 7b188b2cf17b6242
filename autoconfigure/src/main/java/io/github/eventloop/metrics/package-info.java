/**
 * Micrometer meters of event loops, and the enum that documents them.
 */
@NullMarked
package io.github.eventloop.metrics;

import org.jspecify.annotations.NullMarked;
