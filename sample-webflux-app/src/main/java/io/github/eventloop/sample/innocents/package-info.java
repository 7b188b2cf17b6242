/**
 * What looks like a held up event loop, and is none.
 */
@NullMarked
package io.github.eventloop.sample.innocents;

import org.jspecify.annotations.NullMarked;
