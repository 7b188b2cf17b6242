/**
 * Small shop that blocks its own event loops on purpose, and shows how to fix it.
 */
@NullMarked
package io.github.eventloop.sample;

import org.jspecify.annotations.NullMarked;
