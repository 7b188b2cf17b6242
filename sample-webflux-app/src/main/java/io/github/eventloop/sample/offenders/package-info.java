/**
 * Controllers that block an event loop, each with its cure.
 */
@NullMarked
package io.github.eventloop.sample.offenders;

import org.jspecify.annotations.NullMarked;
