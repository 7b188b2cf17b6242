/**
 * Ways to hold up an event loop, each beside its cure.
 */
@NullMarked
package io.github.eventloop.sample.offenders;

import org.jspecify.annotations.NullMarked;
