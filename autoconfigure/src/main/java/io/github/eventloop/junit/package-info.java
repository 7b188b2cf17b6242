/**
 * For the tests of users: a test fails when an event loop stalled during it, or blocked.
 */
@NullMarked
package io.github.eventloop.junit;

import org.jspecify.annotations.NullMarked;
