/**
 * Names and tags of the Micrometer meters.
 */
@NullMarked
package io.github.eventloop.metrics;

import org.jspecify.annotations.NullMarked;
