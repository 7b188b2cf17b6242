/**
 * Responses of an application with this library and without.
 */
@NullMarked
package io.github.eventloop.benchmarks.identity;

import org.jspecify.annotations.NullMarked;
