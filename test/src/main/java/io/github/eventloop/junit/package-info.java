/**
 * JUnit support that fails tests if an event loop stalls or blocks during them.
 */
@NullMarked
package io.github.eventloop.junit;

import org.jspecify.annotations.NullMarked;
